import { Injectable } from '@nestjs/common';
import { Counter, Gauge, register } from 'prom-client';
import type { CanaryJudgement } from './canary-judgement';
import { percentOf, type Rollout } from './rollout';

const counter = (name: string, help: string, labelNames: string[]): Counter =>
  (register.getSingleMetric(name) as Counter | undefined) ?? new Counter({ name, help, labelNames });
const gauge = (name: string, help: string, labelNames: string[]): Gauge =>
  (register.getSingleMetric(name) as Gauge | undefined) ??
  new Gauge({ name, help, labelNames, aggregator: 'max' });

/** Figures of shadows and canaries. Labels hold only served models, their versions, and gates. */
@Injectable()
export class RolloutMetrics {
  private readonly rows = counter('steward_inference_shadow_rows_total', 'Rows that a shadow scored too.', [
    'model',
    'version',
  ]);
  private readonly disagreed = counter(
    'steward_inference_shadow_disagreed_rows_total',
    'Rows that a shadow labels otherwise than the answer.',
    ['model', 'version'],
  );
  private readonly distance = counter(
    'steward_inference_shadow_score_distance_total',
    'Sum of the absolute differences between a shadow’s scores and those answered.',
    ['model', 'version'],
  );
  private readonly failures = counter(
    'steward_inference_shadow_failures_total',
    'Requests that a shadow failed.',
    ['model', 'version'],
  );
  private readonly skips = counter(
    'steward_inference_mirror_skipped_total',
    'Requests that were not scored once more, because too many waited.',
    [],
  );
  private readonly percent = gauge(
    'steward_inference_canary_percent',
    'Share of the requests that the canary answers; 0 after its end.',
    ['model', 'version'],
  );
  private readonly gate = gauge(
    'steward_inference_canary_gate',
    'How much worse than the champion the canary is, by gate: the estimate and its limits.',
    ['model', 'gate', 'limit'],
  );

  shadowed(model: string, of: number, scores: Float64Array, answered: Float64Array, disagreed: number): void {
    const version = String(of);
    this.rows.inc({ model, version }, scores.length);
    if (disagreed > 0) this.disagreed.inc({ model, version }, disagreed);
    let distance = 0;
    scores.forEach((score, row) => (distance += Math.abs(score - answered[row]!)));
    this.distance.inc({ model, version }, distance);
  }

  shadowFailed(model: string, version: number): void {
    this.failures.inc({ model, version: String(version) });
  }

  skipped(): void {
    this.skips.inc();
  }

  judged(rollout: Rollout, { gates }: CanaryJudgement): void {
    const model = `${rollout.project}.${rollout.model}`;
    this.percent.set({ model, version: String(rollout.descriptor.version) }, percentOf(rollout));
    for (const { gate, difference } of gates) {
      if (!difference) continue;
      for (const limit of ['value', 'lower', 'upper'] as const)
        this.gate.set({ model, gate, limit }, difference[limit]);
    }
  }

  ended(rollout: Rollout): void {
    const model = `${rollout.project}.${rollout.model}`;
    this.percent.set({ model, version: String(rollout.descriptor.version) }, 0);
  }
}
