import type { UnitOfWork } from '@steward/database';
import type { FieldTexts, IngestionTables } from '../ingestion-tables';

type Unit = UnitOfWork<IngestionTables>;

export interface PredictedRow {
  readonly row: number;
  readonly fields: FieldTexts;
  readonly subject: string | null;
}

export interface OutcomeRow {
  readonly row: number;
  readonly label: string;
}

/** A row of which both halves are here. */
export interface JoinedRow {
  readonly predictionId: string;
  readonly row: number;
  readonly fields: FieldTexts;
  readonly subject: string | null;
  readonly label: string;
  readonly actor: string;
  readonly correlation: string;
  readonly joinedAt: Date;
}

/** Predictions and outcomes, joined by project, prediction id and row in whatever order they come. */
export abstract class PredictionRowRepository {
  /** Rows that are there already stay as they are. */
  abstract addPredictions(
    unit: Unit,
    prediction: { project: string; predictionId: string; dataset: string },
    rows: readonly PredictedRow[],
  ): Promise<void>;

  /** The first label of a row stays. Returns the rows whose label is another than the one given here. */
  abstract addOutcomes(
    unit: Unit,
    outcome: { project: string; predictionId: string; actor: string; correlation: string },
    rows: readonly OutcomeRow[],
  ): Promise<{ row: number; kept: string }[]>;

  /** Datasets with enough joined rows, or with one that has waited long enough. */
  abstract due(limits: { rows: number; waitMs: number }): Promise<{ project: string; dataset: string }[]>;

  /** Marks all rows that wait (at most `limit`, oldest first) as of this batch; returns how many. */
  abstract claim(
    unit: Unit,
    project: string,
    dataset: string,
    batchId: string,
    limit: number,
  ): Promise<number>;

  /** Batches that were claimed and neither committed nor settled: their maker died. */
  abstract unsettled(): Promise<{ project: string; dataset: string; batchId: string }[]>;
  abstract claimed(batchId: string): Promise<JoinedRow[]>;
  abstract waiting(): Promise<{ unjoined: number; labelled: number }>;

  /** Removes rows that are older, whatever their state. */
  abstract deleteBefore(moment: Date): Promise<number>;
}
