import { Injectable } from '@nestjs/common';
import {
  tallyCounter,
  tallyHistogram,
  type TallyCell,
  type TallyCounter,
  type TallyDistribution,
  type TallyHistogram,
} from '@steward/service';
import { servedName, type Role, type ServedModel } from '../deployments/served-deployment';

const counter = (name: string, help: string, labelNames: readonly string[]): TallyCounter =>
  tallyCounter({ name, help, labelNames });

const histogram = (
  name: string,
  help: string,
  labelNames: readonly string[],
  buckets: readonly number[],
): TallyHistogram => tallyHistogram({ name, help, labelNames, buckets });

/** What is counted of one part of a deployment. */
export class PartMetrics {
  constructor(
    private readonly rows: readonly (readonly [label: string, TallyCell])[],
    private readonly score: TallyDistribution,
    private readonly engine: TallyDistribution,
    /** Counts a request that the engine failed. */
    readonly engineFailed: () => void,
  ) {}

  /** Counts a request that was answered. */
  answered(engineSeconds: number, scores: Float64Array, labels: readonly string[]): void {
    this.engine.observe(engineSeconds);
    for (const score of scores) this.score.observe(score);
    for (const [label, cell] of this.rows) {
      let count = 0;
      for (const each of labels) if (each === label) count++;
      if (count > 0) cell.add(count);
    }
  }
}

/** Figures of the data plane. Labels hold only served models, so their number is bounded by the deployments. */
@Injectable()
export class InferenceMetrics {
  private readonly parts = new WeakMap<ServedModel, Map<Role, PartMetrics>>();
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

  /** The figures of one part of a deployment. Kept with the model that is served: they are asked for at each request. */
  part(served: ServedModel, role: Role): PartMetrics {
    let parts = this.parts.get(served);
    if (!parts) this.parts.set(served, (parts = new Map()));
    let part = parts.get(role);
    if (!part) {
      const { project, descriptor } = served;
      const labels = [servedName(project, descriptor.model), String(descriptor.version), role] as const;
      part = new PartMetrics(
        descriptor.classes.map((label) => [label, this.rows.cell(...labels, label)]),
        this.score.cell(...labels),
        this.engine.cell(...labels),
        () => this.engineFailures.cell(...labels).add(1),
      );
      parts.set(role, part);
    }
    return part;
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
