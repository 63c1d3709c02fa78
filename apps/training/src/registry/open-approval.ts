import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { ApprovalRequested, Services, type Exclusion } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { ChampionComparison, TrainedModel } from '../experiment/trained-model';
import { exclusionsOf } from '../four-eyes/exclusions';
import { GovernedChangeRepository } from '../four-eyes/governed-change.repository';
import type { Run, RunResult } from '../runs/run';
import type { TrainingTables } from '../training-tables';
import type { ApprovalRequestCopy, ModelVersion } from './model-version';
import { AliasRepository, ApprovalRequestRepository } from './model.repository';

/** What is known of a version when somebody asks that an alias may point to it. */
export interface ApprovalEvidence {
  readonly evaluationDigest: string;
  readonly figures: Readonly<Record<string, number | null>>;
  readonly sensitiveInputs: readonly string[];
  readonly comparison: ChampionComparison | null;
}

/** Who asks: the root of the chain of causes. */
export interface Asking {
  readonly correlation: string;
  readonly actor: string;
  /** Who asked for a version that was registered before; null: its run did. */
  readonly requestedBy: string | null;
}

/** Asks governance whether an alias may move to a version. */
@Injectable()
export class OpenApproval {
  constructor(
    private readonly aliases: AliasRepository,
    private readonly requests: ApprovalRequestRepository,
    private readonly changes: GovernedChangeRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** For a version that a run has just registered. */
  open(
    unit: UnitOfWork<TrainingTables>,
    run: Run,
    version: ModelVersion,
    trained: TrainedModel,
    alias: string,
  ): Promise<ApprovalRequestCopy> {
    const asking = { correlation: run.correlation, actor: run.startedBy, requestedBy: null };
    return this.ask(unit, { run, version, alias, asking, evidence: evidenceOf(trained) });
  }

  async ask(
    unit: UnitOfWork<TrainingTables>,
    asked: { run: Run; version: ModelVersion; alias: string; asking: Asking; evidence: ApprovalEvidence },
  ): Promise<ApprovalRequestCopy> {
    const { run, version, alias, asking, evidence } = asked;
    const { project, model } = version;
    const champion = await this.aliases.lock(unit, project, model, alias);
    const request: ApprovalRequestCopy = {
      requestId: newId(this.clock.now()),
      project,
      model,
      version: version.version,
      digest: version.digest,
      alias,
      replaces: champion?.digest ?? null,
      runId: run.id,
      state: 'open',
      voidCode: null,
      openedAt: this.clock.iso(),
      decidedAt: null,
    };
    await this.requests.add(unit, request);
    this.outbox.publish(unit, ApprovalRequested, {
      subject: `${project}/${model}`,
      project,
      correlation: asking.correlation,
      actor: asking.actor,
      payload: {
        requestId: request.requestId,
        model,
        version: version.version,
        digest: version.digest,
        alias,
        replaces: request.replaces,
        runId: run.id,
        evaluationDigest: evidence.evaluationDigest,
        trigger: run.trigger,
        retrainId: run.retrainId,
        figures: { ...evidence.figures },
        sensitiveInputs: [...evidence.sensitiveInputs],
        comparison: comparisonWith(request.replaces, evidence),
        excluded: await this.excluded(unit, run, asking, champion?.movedAt ?? null),
      },
    });
    this.audit.record(unit, callerOfService('training', asking.correlation, project), {
      action: 'approval.request',
      object: { kind: 'approval-request', id: request.requestId },
      project,
      details: {
        model,
        version: version.version,
        digest: version.digest,
        alias,
        replaces: request.replaces,
        run: run.id,
      },
    });
    return request;
  }

  private async excluded(
    unit: UnitOfWork<TrainingTables>,
    run: Run,
    { requestedBy }: Asking,
    lastMoved: string | null,
  ): Promise<Exclusion[]> {
    const { project, pipeline, dataset, model } = run;
    const startedBy = (Services as readonly string[]).includes(run.startedBy) ? null : run.startedBy;
    const changes = await this.changes.changes(unit, { project, pipeline, dataset, model });
    const excluded = exclusionsOf(startedBy, changes, lastMoved);
    return requestedBy === null
      ? excluded
      : [...excluded, { person: requestedBy, because: 'requested_promotion' }];
  }
}

/** Hold-out figures; the parity ratio over hold-out and out-of-fold predictions together. */
function evidenceOf(trained: TrainedModel): ApprovalEvidence {
  return {
    evaluationDigest: trained.evaluationDigest,
    sensitiveInputs: trained.sensitiveInputs,
    comparison: trained.comparison,
    figures: {
      ...trained.metrics,
      rows: trained.holdOut.rows,
      positives: trained.holdOut.positives,
      ...fairnessFigures(trained),
    },
  };
}

/** The same of a run's result, for a version that was registered before. */
export function evidenceOfResult(result: RunResult): ApprovalEvidence {
  const { evaluationDigest, sensitiveInputs, comparison, metrics } = result;
  return {
    evaluationDigest,
    sensitiveInputs,
    comparison,
    figures: { ...metrics, ...fairnessFigures(result) },
  };
}

const fairnessFigures = ({ fairness }: Pick<RunResult, 'fairness'>) => ({
  demographicParityRatio: fairness.demographicParityRatio,
  equalizedOddsDifference: fairness.equalizedOddsDifference,
  fairnessRows: fairness.rows,
});

/** A comparison with a champion that was replaced while the run was at work says nothing about the present one. */
function comparisonWith(replaces: string | null, { comparison }: ApprovalEvidence) {
  return comparison !== null && comparison.champion === replaces ? { ...comparison.figures } : null;
}
