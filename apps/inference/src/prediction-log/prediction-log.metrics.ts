import { Injectable } from '@nestjs/common';
import { tallyCounter } from '@steward/service';
import { Counter, Gauge, register } from 'prom-client';

const counter = (name: string, help: string, labelNames: string[]): Counter =>
  (register.getSingleMetric(name) as Counter | undefined) ?? new Counter({ name, help, labelNames });
const gauge = (name: string, help: string): Gauge =>
  (register.getSingleMetric(name) as Gauge | undefined) ?? new Gauge({ name, help });

/** Figures of the prediction log. Labels hold only served models, modes and reasons. */
@Injectable()
export class PredictionLogMetrics {
  private readonly predictions = tallyCounter({
    name: 'steward_inference_prediction_log_total',
    help: 'Answered predictions by how they were logged; sampled_out: by choice not at all.',
    labelNames: ['model', 'mode', 'result'],
  });
  private readonly losses = counter(
    'steward_inference_prediction_log_lost_total',
    'Events of answered predictions that the log does not get. Alarm on any.',
    ['reason'],
  );
  private readonly spool = gauge(
    'steward_inference_prediction_log_spool_bytes',
    'Events of answered predictions that wait on this process’s disk for the bus.',
  );
  readonly replayed = counter(
    'steward_inference_prediction_log_replayed_total',
    'Events that were written from the spool to the log.',
    [],
  );

  private lastSpooled = 0;

  logged(model: string, mode: string, result: 'logged' | 'sampled_out' | 'lost'): void {
    this.predictions.cell(model, mode, result).add(1);
  }

  /** Called for each prediction, and changes seldom. */
  spooled(bytes: number): void {
    if (bytes === this.lastSpooled) return;
    this.lastSpooled = bytes;
    this.spool.set(bytes);
  }

  lost(reason: 'full' | 'damaged' | 'refused', events: number): void {
    this.losses.inc({ reason }, events);
  }
}
