import { Injectable } from '@nestjs/common';
import { OutcomeRecorded } from '@steward/contracts';
import { Clock, errors } from '@steward/kernel';
import { TelemetryLog } from '@steward/messaging';
import { ServingTable } from '../deployments/serving-table';
import { parsePredictionRow, type PredictionRow } from '../infer/prediction-row';
import type { Outcome } from './outcome';

/** What really happened to predicted rows: one event a prediction id, durable before the answer. */
@Injectable()
export class RecordOutcomes {
  constructor(
    private readonly table: ServingTable,
    private readonly log: TelemetryLog,
    private readonly clock: Clock,
  ) {}

  async execute(command: {
    project: string;
    outcomes: readonly Outcome[];
    caller: string;
    correlation: string;
  }): Promise<{ recorded: number }> {
    const labels = this.labelsOf(command.project);
    const byPrediction = new Map<string, { rows: number[]; labels: string[] }>();
    command.outcomes.forEach((outcome, index) => {
      const { id, row } = parseRowId(outcome.prediction, index);
      if (!labels.has(outcome.label)) {
        throw this.table.missing(
          errors.invalid(
            'INFERENCE.LABEL_UNKNOWN',
            `Outcome ${index} has a label that no served model of the project knows; use one of ${[...labels].join(', ')}.`,
            { details: { index } },
          ),
        );
      }
      const entry = byPrediction.get(id) ?? { rows: [], labels: [] };
      entry.rows.push(row);
      entry.labels.push(outcome.label);
      byPrediction.set(id, entry);
    });
    await Promise.all(
      [...byPrediction].map(([predictionId, entry]) =>
        this.log.append(OutcomeRecorded, {
          subject: predictionId,
          project: command.project,
          correlation: command.correlation,
          actor: command.caller,
          payload: {
            predictionId,
            project: command.project,
            ...entry,
            timeMs: this.clock.now(),
            caller: command.caller,
          },
        }),
      ),
    );
    return { recorded: command.outcomes.length };
  }

  private labelsOf(project: string): Set<string> {
    const names = this.table.names().filter((name) => name.startsWith(`${project}.`));
    const labels = new Set(names.flatMap((name) => this.table.get(name)?.descriptor.classes ?? []));
    if (labels.size > 0) return labels;
    throw this.table.missing(
      errors.conflict(
        'INFERENCE.NOTHING_SERVED',
        `The project ${project} serves no model, so it can have no outcomes yet.`,
      ),
    );
  }
}

function parseRowId(text: string, index: number): PredictionRow {
  const read = parsePredictionRow(text);
  if (read) return read;
  throw errors.invalid(
    'INFERENCE.PREDICTION_ID_INVALID',
    `Outcome ${index} names no prediction row; the form is <prediction id>/<row>.`,
    { details: { index } },
  );
}
