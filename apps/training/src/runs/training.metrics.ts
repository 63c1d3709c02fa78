import { Injectable } from '@nestjs/common';
import { Gauge, Histogram, register } from 'prom-client';
import type { TrainedModel } from '../experiment/trained-model';
import { RunRepository } from './run.repository';
import type { RunState } from './run';

const STATES: readonly RunState[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];

/** Figures of training. Labels are states and kinds of learners, so there are few of them. */
@Injectable()
export class TrainingMetrics {
  private readonly duration: Histogram;
  private readonly auc: Gauge;
  private readonly parity: Gauge;

  constructor(runs: RunRepository) {
    this.duration = once(
      'steward_training_run_duration_seconds',
      (name) =>
        new Histogram({
          name,
          help: 'Time from taking a run up to its end.',
          labelNames: ['outcome'],
          buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 1_800],
        }),
    );
    this.auc = once(
      'steward_training_model_auc',
      (name) =>
        new Gauge({
          name,
          help: 'Out-of-fold AUC in the newest succeeded run, by learner.',
          labelNames: ['learner'],
        }),
    );
    this.parity = once(
      'steward_training_model_demographic_parity_ratio',
      (name) => new Gauge({ name, help: 'Demographic parity ratio in the newest succeeded run.' }),
    );
    once(
      'steward_training_runs',
      (name) =>
        new Gauge({
          name,
          help: 'Training runs by state; queued ones wait for a worker.',
          labelNames: ['state'],
          async collect() {
            // Where the database is away the last figures stand, and the scrape still answers.
            const counts = await runs.countByState().catch(() => null);
            if (counts) for (const state of STATES) this.set({ state }, counts.get(state) ?? 0);
          },
        }),
    );
  }

  succeeded(seconds: number, trained: TrainedModel): void {
    this.duration.observe({ outcome: 'succeeded' }, seconds);
    for (const { kind, auc } of trained.learners) if (auc !== null) this.auc.set({ learner: kind }, auc);
    const { demographicParityRatio } = trained.fairness;
    if (demographicParityRatio !== null) this.parity.set(demographicParityRatio);
  }

  failed(seconds: number): void {
    this.duration.observe({ outcome: 'failed' }, seconds);
  }
}

/** Metrics live in one registry per process; several applications in one test process share them. */
function once<Metric>(name: string, make: (name: string) => Metric): Metric {
  return (register.getSingleMetric(name) as Metric | undefined) ?? make(name);
}
