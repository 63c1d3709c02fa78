import type { UnitOfWork } from '@steward/database';
import type { FieldTexts, IngestionTables } from '../ingestion-tables';

type Unit = UnitOfWork<IngestionTables>;

export interface PredictedRow {
  readonly row: number;
  readonly fields: FieldTexts;
  readonly subject: string | null;
  /** What was decided: for its subject, and for who may read predictions, as long as the row is kept. */
  readonly decision: PredictedDecision | null;
}

export interface PredictedDecision {
  readonly model: string;
  readonly modelVersion: number;
  readonly score: number;
  readonly decided: string;
  readonly predictedAt: string;
  readonly caller: string;
}

export interface OutcomeRow {
  readonly row: number;
  readonly label: string;
}

/** A row of a subject as it gets to see it. */
export interface SubjectPrediction {
  readonly predictionId: string;
  readonly row: number;
  readonly dataset: string | null;
  /** Null once the row is in a dataset version. */
  readonly fields: FieldTexts | null;
  readonly label: string | null;
  readonly decision: PredictedDecision | null;
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

/** A row as it stands in the list of a dataset's predictions. */
export interface ListedPrediction {
  readonly predictionId: string;
  readonly row: number;
  readonly decision: PredictedDecision;
  /** Null once the row is in a dataset version: its batch says which. */
  readonly fields: FieldTexts | null;
  readonly batchId: string | null;
  readonly subject: string | null;
  readonly label: string | null;
}

/** Where a page of the list begins: behind this row. */
export type PredictionPosition = readonly [predictedAtMs: number, predictionId: string, row: number];

/** Which predictions of a dataset, newest first. */
export interface PredictionSearch {
  readonly project: string;
  readonly dataset: string;
  readonly model: string | null;
  readonly version: number | null;
  /** From this moment on. */
  readonly from: Date | null;
  /** Before this moment. */
  readonly to: Date | null;
  readonly after: PredictionPosition | null;
  readonly limit: number;
}

/** A row's inputs while they are kept. */
export interface HeldInputs {
  readonly dataset: string;
  /** Null: not known of rows from before it was kept. */
  readonly model: string | null;
  readonly fields: FieldTexts;
  readonly subject: string | null;
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

  /** Null: unknown, or its values are not kept here any more. */
  abstract find(project: string, predictionId: string, row: number): Promise<HeldInputs | null>;

  /** Newest first. Rows of erased subjects are in no list. */
  abstract list(search: PredictionSearch): Promise<ListedPrediction[]>;

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

  /** Rows of a subject that are kept, oldest first. */
  abstract ofSubject(project: string, subject: string): Promise<SubjectPrediction[]>;

  /** Empties all that is held of the subject's rows; what is left names nobody. Returns how many there were. */
  abstract eraseSubject(unit: Unit, project: string, subject: string): Promise<number>;

  /** Removes rows that are older, whatever their state, unless a legal hold covers them. */
  abstract deleteBefore(moment: Date): Promise<number>;
}
