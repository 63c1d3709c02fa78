import { Injectable } from '@nestjs/common';
import { PredictionLogged, type ModelDescriptor, type PredictionLoggedMessage } from '@steward/contracts';
import { errors, type AppError } from '@steward/kernel';
import { TelemetryHistory } from '@steward/messaging';
import { DeploymentRepository } from '../deployments/deployment.repository';
import { servedName } from '../deployments/served-deployment';
import { timeOf, type PredictionRow } from '../infer/prediction-row';
import { ExplainMetrics } from './explain.metrics';
import type { CounterfactualOptions } from './explain-options';
import { inputColumn, valueIn } from './explained-values';
import { Explainer } from './explainer';
import { explanationOf, type Explanation } from './explanation';
import { PrepareCounterfactuals } from './prepare-counterfactuals';

/**
 * Explains a row that was predicted earlier, as it was explained then: from the inputs that stand in the prediction log and
 * the bytes of the version that answered, whether it is still served or not. Who may see it is for the caller to ask.
 */
@Injectable()
export class RecomputeExplanation {
  constructor(
    private readonly history: TelemetryHistory,
    private readonly deployments: DeploymentRepository,
    private readonly explainer: Explainer,
    private readonly preparing: PrepareCounterfactuals,
    private readonly metrics: ExplainMetrics,
  ) {}

  /** The logged part of the prediction that holds the row. Throws INFERENCE.PREDICTION_NOT_FOUND and _OUT_OF_REACH. */
  async find(project: string, wanted: PredictionRow): Promise<PredictionLoggedMessage> {
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
    throw predictionNotFound();
  }

  /** The version that answered. Throws INFERENCE.VERSION_UNKNOWN. */
  async descriptor(event: PredictionLoggedMessage): Promise<ModelDescriptor> {
    const approved = await this.deployments.approvedByDigest(event.project, event.model, event.modelDigest);
    if (!approved) {
      throw errors.notFound(
        'INFERENCE.VERSION_UNKNOWN',
        `Version ${event.modelVersion} of ${event.model}, which answered, is not known here any more.`,
      );
    }
    return approved;
  }

  /** @param at the row, counted from the first of the event */
  async explain(
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
}

export const predictionNotFound = (): AppError =>
  errors.notFound(
    'INFERENCE.PREDICTION_NOT_FOUND',
    'The log has no such row: the id is wrong, the row was not logged (sampled, or lost), its 30 days are over, or its subject was erased.',
  );
