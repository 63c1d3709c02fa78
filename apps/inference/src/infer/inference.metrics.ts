import { Injectable } from '@nestjs/common';
import { tallyCounter, tallyHistogram, type TallyCounter, type TallyHistogram } from '@steward/service';
import type { Role } from '../deployments/served-deployment';

const counter = (name: string, help: string, labelNames: readonly string[]): TallyCounter =>
  tallyCounter({ name, help, labelNames });

const histogram = (
  name: string,
  help: string,
  labelNames: readonly string[],
  buckets: readonly number[],
): TallyHistogram => tallyHistogram({ name, help, labelNames, buckets });

/** Which part of a deployment answered. */
export interface Part {
  readonly name: string;
  readonly version: number;
  readonly role: Role;
}

/** Figures of the data plane. Labels hold only served models, so their number is bounded by the deployments. */
@Injectable()
export class InferenceMetrics {
  private readonly rows = counter('steward_inference_rows_total', 'Rows answered.', [
    'model',
    'version',
    'role',
    'label',
  ]);
  private readonly requests = counter('steward_inference_requests_total', 'Inference requests by outcome.', [
    'model',
    'transport',
    'outcome',
  ]);
  private readonly duration = histogram(
    'steward_inference_request_duration_seconds',
    'Time from a decoded request to its answer, durable log included.',
    ['model', 'transport'],
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  );
  private readonly score = histogram(
    'steward_inference_score',
    'Probability of the positive class.',
    ['model', 'version', 'role'],
    [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
  );
  private readonly engine = histogram(
    'steward_inference_engine_duration_seconds',
    'Time that the engine took for a request, by the part of the deployment that answered it.',
    ['model', 'version', 'role'],
    [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  );
  private readonly engineFailures = counter(
    'steward_inference_engine_failures_total',
    'Requests that the engine failed, by the part of the deployment that should have answered.',
    ['model', 'version', 'role'],
  );
  private readonly loads = counter('steward_inference_model_loads_total', 'Model loads by result.', [
    'model',
    'result',
  ]);

  predicted({ name: model, version: of, role }: Part, scores: Float64Array, labels: readonly string[]): void {
    const version = String(of);
    const byLabel = new Map<string, number>();
    for (const label of labels) byLabel.set(label, (byLabel.get(label) ?? 0) + 1);
    for (const [label, count] of byLabel) this.rows.cell(model, version, role, label).add(count);
    const distribution = this.score.cell(model, version, role);
    for (const score of scores) distribution.observe(score);
  }

  scored({ name: model, version, role }: Part, seconds: number): void {
    this.engine.cell(model, String(version), role).observe(seconds);
  }

  engineFailed({ name: model, version, role }: Part): void {
    this.engineFailures.cell(model, String(version), role).add(1);
  }

  /** `model` is counted by name only if it is served: callers choose names, and labels must stay few. */
  answered(model: string | null, transport: 'grpc' | 'rest', outcome: string, seconds: number): void {
    const name = model ?? 'unknown';
    this.requests.cell(name, transport, outcome).add(1);
    if (outcome === 'ok') this.duration.cell(name, transport).observe(seconds);
  }

  loaded(model: string, result: 'serving' | 'refused'): void {
    this.loads.cell(model, result).add(1);
  }
}
