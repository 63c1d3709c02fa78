import { Injectable } from '@nestjs/common';
import { Counter, Gauge, register } from 'prom-client';

const counter = (name: string, help: string, labelNames: string[]): Counter =>
  (register.getSingleMetric(name) as Counter | undefined) ?? new Counter({ name, help, labelNames });
const gauge = (name: string, help: string): Gauge =>
  (register.getSingleMetric(name) as Gauge | undefined) ?? new Gauge({ name, help });

/** Figures of the prediction log. Labels hold only served models, modes and reasons. */
@Injectable()
export class PredictionLogMetrics {
  private readonly predictions = counter(
    'steward_inference_prediction_log_total',
    'Answered predictions by how they were logged; sampled_out: by choice not at all.',
    ['model', 'mode', 'result'],
  );
  private readonly losses = counter(
    'steward_inference_prediction_log_lost_total',
    'Events of answered predictions that the log does not get. Alarm on any.',
    ['reason'],
  );
  readonly spooled = gauge(
    'steward_inference_prediction_log_spool_bytes',
    'Events of answered predictions that wait on this process’s disk for the bus.',
  );
  readonly replayed = counter(
    'steward_inference_prediction_log_replayed_total',
    'Events that were written from the spool to the log.',
    [],
  );

  logged(model: string, mode: string, result: 'logged' | 'sampled_out' | 'lost'): void {
    this.predictions.inc({ model, mode, result });
  }

  lost(reason: 'full' | 'damaged' | 'refused', events: number): void {
    this.losses.inc({ reason }, events);
  }
}
