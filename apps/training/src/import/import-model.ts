import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { AuditTrail, type Caller } from '@steward/access';
import { ModelVersionRegistered, type ModelDescriptor } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, isName, newId, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { ContractRepository } from '../datasets/contract.repository';
import type { ContractCopy } from '../datasets/dataset-copies';
import { ModelRepository } from '../registry/model.repository';
import type { ModelVersion } from '../registry/model-version';
import { evidenceOfResult, OpenApproval } from '../registry/open-approval';
import { AnnounceRun } from '../runs/announce-run';
import type { Run, RunResult } from '../runs/run';
import { RunRepository } from '../runs/run.repository';
import type { TrainingTables } from '../training-tables';
import { CheckModel } from './check-model';
import { graphSignature, type ImportSignature } from './import-signature';

/** The name that stands where a pipeline's would: nothing was trained here. */
const PIPELINE = 'import';
const LEARNER = 'imported';
const NOT_MEASURED = {
  imported: true,
  measured: false,
  why: 'The model was trained elsewhere. Steward has no hold-out of it, so no figure of it was measured: every gate on one fails until it is waived by name.',
};

/** Null: could not be measured, which fails a gate. */
const FIGURES = { auc: null, logLoss: null, accuracy: null, brier: null, ece: null } as const;

/** What is registered: the digests of the model and of what stands for the files that a run would have made. */
interface Files {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly reference: string;
  readonly evaluation: string;
  readonly modelFile: string;
}

/** Registers a model that was trained elsewhere: checked, audited, and waiting for approval like any other. */
@Injectable()
export class ImportModel {
  constructor(
    private readonly database: Database<TrainingTables>,
    private readonly artifacts: ArtifactStore,
    private readonly contracts: ContractRepository,
    private readonly models: ModelRepository,
    private readonly runs: RunRepository,
    private readonly approval: OpenApproval,
    private readonly announce: AnnounceRun,
    private readonly checker: CheckModel,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute(
    caller: Caller,
    at: { project: string; model: string },
    signature: ImportSignature,
    onnx: Buffer,
  ): Promise<ModelVersion> {
    if (!isName(at.model)) {
      throw errors.invalid('TRAINING.NAME', 'A model is named by lower-case letters, digits and hyphens.');
    }
    const contract = await this.contracts.current(at.project, signature.dataset);
    if (!contract) {
      throw errors.notFound(
        'TRAINING.CONTRACT_NOT_FOUND',
        `There is no contract of a dataset ${signature.dataset}; it says what the model's columns and classes are.`,
      );
    }
    await this.check(caller, at, signature, contract, onnx);
    const files = await this.keep(onnx, signature);
    return await this.database.transaction((unit) =>
      this.register(unit, caller, at, signature, contract, files),
    );
  }

  /** A refusal is audited too: somebody brought a file that is not what he said. */
  private async check(
    caller: Caller,
    { project, model }: { project: string; model: string },
    signature: ImportSignature,
    { contract }: ContractCopy,
    onnx: Buffer,
  ): Promise<void> {
    const digest = sha256(onnx);
    try {
      const [newest] = await this.models.versions(project, model, { limit: 1, before: null });
      if (newest?.digest === digest) {
        throw errors.conflict(
          'TRAINING.IMPORT_THERE',
          `Version ${newest.version} of ${model} has these bytes already.`,
        );
      }
      await this.checker.check(onnx, graphSignature(signature, contract));
    } catch (error) {
      await this.database.transaction(async (unit) => {
        this.audit.record(unit, caller, {
          action: 'model-version.import',
          object: { kind: 'model', id: model },
          project,
          outcome: 'refused',
          details: { digest, code: (error as { code?: string }).code ?? 'TRAINING.IMPORT_FAILED' },
        });
        return Promise.resolve();
      });
      throw error;
    }
  }

  private async keep(onnx: Buffer, signature: ImportSignature): Promise<Files> {
    const put = async (bytes: Buffer): Promise<string> => (await this.artifacts.put(bytes)).digest;
    const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
    return {
      digest: await put(onnx),
      sizeBytes: onnx.byteLength,
      // A reference without columns: monitoring has nothing to compare with, and says so.
      reference: await put(json({ version: 1, columns: [] })),
      evaluation: await put(json({ ...NOT_MEASURED, signature })),
      modelFile: await put(json({ ...NOT_MEASURED, explanation: 'none' })),
    };
  }

  private async register(
    unit: UnitOfWork<TrainingTables>,
    caller: Caller,
    at: { project: string; model: string },
    signature: ImportSignature,
    contract: ContractCopy,
    files: Files,
  ): Promise<ModelVersion> {
    const number = await this.models.nextVersion(unit, at.project, at.model);
    const now = this.clock.iso();
    const brought = this.runOf(caller, at, signature, contract, now);
    const descriptor = describe(at.model, number, brought, signature, contract, files);
    const run: Run = { ...brought, result: resultOf(descriptor) };
    const version: ModelVersion = {
      ...at,
      version: number,
      digest: files.digest,
      runId: run.id,
      learner: LEARNER,
      descriptor,
      metrics: FIGURES,
      modelFile: files.modelFile,
      lastBatch: 0,
      registeredAt: now,
    };
    await this.runs.add(unit, run);
    this.announce.announce(unit, run);
    await this.models.add(unit, version);
    this.outbox.publish(unit, ModelVersionRegistered, {
      subject: `${at.project}/${at.model}`,
      project: at.project,
      correlation: caller.correlation,
      actor: caller.principal.id,
      payload: { descriptor, learner: LEARNER, metrics: { ...FIGURES } },
    });
    this.audit.record(unit, caller, {
      action: 'model-version.import',
      object: { kind: 'model-version', id: `${at.model}:${number}` },
      project: at.project,
      details: {
        digest: files.digest,
        bytes: files.sizeBytes,
        dataset: signature.dataset,
        contractDigest: contract.digest,
        evaluation: files.evaluation,
      },
    });
    await this.approval.ask(unit, {
      run,
      version,
      alias: signature.alias,
      asking: { correlation: caller.correlation, actor: caller.principal.id, requestedBy: null },
      evidence: evidenceOfResult(resultOf(descriptor)),
    });
    return version;
  }

  /** The entry among the runs that says who brought it, and excludes him from approving. */
  private runOf(
    caller: Caller,
    at: { project: string; model: string },
    signature: ImportSignature,
    contract: ContractCopy,
    now: string,
  ): Run {
    return {
      id: newId(this.clock.now()),
      project: at.project,
      pipeline: PIPELINE,
      pipelineVersion: 0,
      pipelineDigest: sha256(JSON.stringify(signature)),
      model: at.model,
      dataset: signature.dataset,
      datasetVersion: 0,
      datasetDigest: contract.digest,
      state: 'succeeded',
      trigger: 'person',
      retrainId: null,
      startedBy: caller.principal.id,
      correlation: caller.correlation,
      attempt: 1,
      progress: null,
      result: null,
      failure: null,
      failureMessage: null,
      createdAt: now,
      startedAt: now,
      finishedAt: now,
    };
  }
}

function describe(
  model: string,
  version: number,
  run: Run,
  { dataset, feed, output, form, ...signature }: ImportSignature,
  { contract, ...copy }: ContractCopy,
  files: Files,
): ModelDescriptor {
  const { inputs, classes } = graphSignature({ dataset, feed, output, form, ...signature }, contract);
  return {
    model,
    version,
    digest: files.digest,
    sizeBytes: files.sizeBytes,
    runId: run.id,
    pipeline: PIPELINE,
    dataset,
    datasetVersion: 0,
    datasetDigest: copy.digest,
    contractVersion: copy.version,
    contractDigest: copy.digest,
    referenceDigest: files.reference,
    evaluationDigest: files.evaluation,
    inputs: [...inputs],
    classes: [...classes],
    decisionThreshold: contract.decisionThreshold,
    favourable: contract.label.favourable,
    sensitive: contract.columns.filter((column) => column.class === 'sensitive').map(({ name }) => name),
    groups: [...contract.groups],
    graph: { feed, output, form },
  };
}

function resultOf(descriptor: ModelDescriptor): RunResult {
  const { model, version, digest, evaluationDigest, referenceDigest, inputs } = descriptor;
  const sensitive = new Set(descriptor.sensitive);
  return {
    model,
    version,
    digest,
    evaluationDigest,
    referenceDigest,
    learner: LEARNER,
    metrics: FIGURES,
    learners: [],
    fairness: { demographicParityRatio: null, equalizedOddsDifference: null, rows: 0 },
    comparison: null,
    sensitiveInputs: inputs.map(({ name }) => name).filter((name) => sensitive.has(name)),
  };
}
