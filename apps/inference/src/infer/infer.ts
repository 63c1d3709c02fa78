import { Injectable } from '@nestjs/common';
import { PredictionLogged } from '@steward/contracts';
import { Clock, newId } from '@steward/kernel';
import { TelemetryLog } from '@steward/messaging';
import { ServingTable, type ServedModel } from '../deployments/serving-table';
import { InferenceMetrics } from './inference.metrics';
import { checkOutputs } from './outputs';
import { predictionEvents } from './prediction-events';
import { readColumns } from './read-columns';
import type { Tensor } from './tensor';

export interface InferCommand {
  readonly name: string;
  readonly version: string | undefined;
  readonly tensors: readonly Tensor[];
  /** `parameters.subject`. */
  readonly subject: string | undefined;
  /** Names of the wanted outputs; empty: all. */
  readonly outputs: readonly string[];
  readonly caller: string;
  readonly correlation: string;
}

export interface InferResult {
  readonly served: ServedModel;
  readonly predictionId: string;
  readonly rows: number;
  /** Row-major [rows, classes]. */
  readonly probabilities: Float64Array;
  readonly labels: readonly string[];
  /** When the engine began and ended, by `performance.now()`. */
  readonly scored: { readonly from: number; readonly to: number };
}

/** Answers a request, once the prediction's events are durable in the log. */
@Injectable()
export class Infer {
  constructor(
    private readonly table: ServingTable,
    private readonly log: TelemetryLog,
    private readonly clock: Clock,
    private readonly metrics: InferenceMetrics,
  ) {}

  async execute(command: InferCommand): Promise<InferResult> {
    const served = this.table.require(command.name, command.version);
    const { descriptor } = served;
    // Before anything is logged: a request that is refused leaves no prediction behind.
    checkOutputs(command.outputs);
    const columns = readColumns(descriptor, command.tensors, command.subject);
    const from = performance.now();
    const answered = served.engine.score(columns.inputs, columns.rows);
    const probabilities = answered instanceof Promise ? await answered : answered;
    const scored = { from, to: performance.now() };
    const classes = descriptor.classes.length;
    const scores = new Float64Array(columns.rows);
    for (let row = 0; row < columns.rows; row++) scores[row] = probabilities[row * classes + 1]!;
    const [negative, positive] = descriptor.classes as [string, string];
    const labels = Array.from(scores, (score) =>
      score >= descriptor.decisionThreshold ? positive : negative,
    );
    const predictionId = newId();
    const prediction = {
      id: predictionId,
      project: served.project,
      caller: command.caller,
      timeMs: this.clock.now(),
      descriptor,
      columns,
      scores,
      labels,
    };
    await Promise.all(
      predictionEvents(prediction).map((payload) =>
        this.log.append(PredictionLogged, {
          subject: predictionId,
          project: served.project,
          correlation: command.correlation,
          actor: command.caller,
          payload,
        }),
      ),
    );
    this.metrics.predicted(command.name, descriptor.version, scores, labels);
    return { served, predictionId, rows: columns.rows, probabilities, labels, scored };
  }
}
