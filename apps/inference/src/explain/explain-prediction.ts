import { Injectable } from '@nestjs/common';
import { Access, AuditTrail, type Caller } from '@steward/access';
import { PredictionLogged, type ModelDescriptor, type PredictionLoggedMessage } from '@steward/contracts';
import { Database } from '@steward/database';
import { errors, type AppError } from '@steward/kernel';
import { TelemetryHistory } from '@steward/messaging';
import { SubjectProcessing } from '@steward/subjects';
import { DeploymentRepository } from '../deployments/deployment.repository';
import { servedName } from '../deployments/served-deployment';
import { predictionRow, timeOf, type PredictionRow } from '../infer/prediction-row';
import { ExplainMetrics } from './explain.metrics';
import type { CounterfactualOptions, ExplainOptions } from './explain-options';
import { inputColumn, valueIn } from './explained-values';
import { Explainer } from './explainer';
import { explanationOf, type Explanation } from './explanation';
import { PrepareCounterfactuals } from './prepare-counterfactuals';

/**
 * Explains a row that was predicted earlier, as it was explained then: from the inputs that stand in the prediction log and
 * the bytes of the version that answered, whether it is still served or not.
 */
@Injectable()
export class ExplainPrediction {
  constructor(
    private readonly history: TelemetryHistory,
    private readonly deployments: DeploymentRepository,
    private readonly explainer: Explainer,
    private readonly access: Access,
    private readonly preparing: PrepareCounterfactuals,
    private readonly subjects: SubjectProcessing,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly metrics: ExplainMetrics,
  ) {}

  /** @param name `<prediction id>/<row>` */
  async execute(
    caller: Caller,
    project: string,
    name: string,
    { counterfactuals }: ExplainOptions = {},
  ): Promise<Explanation> {
    const wanted = predictionRow(name);
    const event = await this.find(project, wanted);
    this.requireRight(caller, event);
    const at = wanted.row - event.firstRow;
    this.requireSubject(event.subjects[at] ?? '', wanted);
    const descriptor = await this.descriptor(event);
    const explanation = await this.explain(descriptor, event, at, counterfactuals);
    await this.record(caller, project, name, descriptor, counterfactuals !== undefined);
    return explanation;
  }

  private async find(project: string, wanted: PredictionRow): Promise<PredictionLoggedMessage> {
    const found = await this.history.find(PredictionLogged, {
      subject: wanted.id,
      fromMs: timeOf(wanted.id),
      wanted: ({ firstRow, rows }) => wanted.row >= firstRow && wanted.row < firstRow + rows,
    });
    // What belongs to another project is not found either.
    if (found.state === 'found' && found.payload.project === project) return found.payload;
    if (found.state === 'unknown') {
      throw errors.notFound(
        'INFERENCE.PREDICTION_OUT_OF_REACH',
        'The row was not found among the predictions that were logged soon after it was made. One that waited long for the log, while the bus was away, cannot be looked up.',
      );
    }
    throw notFound();
  }

  /** An explanation shows features and what was decided: a role that leaves one of them out gives none. */
  private requireRight(caller: Caller, { project, model, dataset }: PredictionLoggedMessage): void {
    const place = { project, model, ...(dataset === '' ? {} : { dataset }) };
    for (const dataClass of ['feature', 'label'])
      this.access.require(caller, 'read', 'Prediction', { ...place, dataClass });
  }

  /** An erased subject's predictions are as if they had never been. */
  private requireSubject(subject: string, { row }: PredictionRow): void {
    const terms = subject === '' ? null : this.subjects.of(subject);
    if (terms?.inference !== 'refused') return;
    if (terms.because.includes('erasure')) throw notFound();
    throw errors.conflict(
      'INFERENCE.SUBJECT_REFUSED',
      `The subject of row ${row} does not allow that its data be processed.`,
    );
  }

  private async descriptor(event: PredictionLoggedMessage): Promise<ModelDescriptor> {
    const approved = await this.deployments.approvedByDigest(event.project, event.model, event.modelDigest);
    if (!approved) {
      throw errors.notFound(
        'INFERENCE.VERSION_UNKNOWN',
        `Version ${event.modelVersion} of ${event.model}, which answered, is not known here any more.`,
      );
    }
    const sensitive = approved.inputs.filter(({ name }) => approved.sensitive.includes(name));
    if (sensitive.length > 0) {
      throw errors.forbidden(
        'INFERENCE.EXPLANATION_SENSITIVE',
        `The model reads sensitive columns (${sensitive.map(({ name }) => name).join(', ')}); their values, and what they did, are shown to nobody but the caller who sends them, with parameters.explain.`,
      );
    }
    return approved;
  }

  private async explain(
    descriptor: ModelDescriptor,
    event: PredictionLoggedMessage,
    at: number,
    wanted: CounterfactualOptions | undefined,
  ): Promise<Explanation> {
    const columns = descriptor.inputs.map(({ name, kind }) => {
      const column = event.inputs.find((each) => each.name === name);
      if (!column)
        throw errors.internal('INFERENCE.LOG_INCOMPLETE', 'A logged prediction lacks an input of its model.');
      return inputColumn(column, kind, at);
    });
    const name = servedName(event.project, event.model);
    const held = event.held?.rows.includes(at) ?? false;
    // Nothing was decided of a held row, so that nothing could turn it.
    const counterfactuals = wanted && !held ? await this.preparing.execute(descriptor, 1, wanted) : null;
    const explained = await this.metrics.observe({ name, kind: 'recomputed', rows: 1 }, () =>
      this.explainer.explain(descriptor.digest, { columns, rows: 1, counterfactuals }, undefined),
    );
    return explanationOf(
      {
        descriptor,
        predictionId: event.predictionId,
        firstRow: event.firstRow + at,
        labels: [event.labels[at]!],
        scores: [event.scores[at]!],
        held: new Set(held ? [0] : []),
        valueOf: valueIn(columns, descriptor.inputs),
      },
      explained,
    );
  }

  /** Somebody has read what was known of a person: that is in the audit log before it is answered. */
  private async record(
    caller: Caller,
    project: string,
    id: string,
    { model, version, digest }: ModelDescriptor,
    counterfactuals: boolean,
  ): Promise<void> {
    await this.database.transaction((unit) => {
      this.audit.record(unit, caller, {
        action: 'prediction.explain',
        object: { kind: 'prediction', id },
        project,
        details: { model, version, digest, ...(counterfactuals ? { counterfactuals } : {}) },
      });
      return Promise.resolve();
    });
  }
}

const notFound = (): AppError =>
  errors.notFound(
    'INFERENCE.PREDICTION_NOT_FOUND',
    'The log has no such row: the id is wrong, the row was not logged (sampled, or lost), its 30 days are over, or its subject was erased.',
  );
