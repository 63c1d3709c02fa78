import type { UnitOfWork } from '@steward/database';
import type { OutcomeReport, WindowReport } from './judge-window';
import type { OpenWindow, WindowRow } from './observation-window';

export type WindowVerdict = 'ok' | 'alarm' | 'not_enough_data';

/** A window that is over. */
export interface JudgedWindow extends OpenWindow {
  readonly judgedAt: string;
  readonly verdict: WindowVerdict;
  /** Null where the window was closed before it was full. */
  readonly report: WindowReport | null;
  readonly outcomeReport: OutcomeReport | null;
  readonly membersDigest: string;
}

/** Predictions that came of a model version. */
export interface ObservedRows {
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly rows: number;
}

/** What really happened to one predicted row. */
export interface RowOutcome {
  readonly project: string;
  readonly predictionId: string;
  readonly row: number;
  readonly label: string;
}

/** A range of rows of a prediction. */
export interface PredictionRange {
  readonly project: string;
  readonly predictionId: string;
  readonly firstRow: number;
  readonly rows: number;
}

export abstract class WindowRepository {
  /** One lock a partition, until the transaction ends: predictions and outcomes of one id never pass each other. */
  abstract lockPartition(unit: UnitOfWork, partition: number): Promise<void>;
  /** Adds to the figures of all predictions ever seen, one entry a model version, in the order of their names. */
  abstract observe(unit: UnitOfWork, observed: readonly ObservedRows[]): Promise<void>;
  /** The monitors' open windows by `<project>/<monitor>`, locked in the order of their ids. */
  abstract openOf(
    unit: UnitOfWork,
    monitors: readonly { project: string; name: string }[],
  ): Promise<Map<string, OpenWindow>>;
  abstract open(unit: UnitOfWork, window: OpenWindow): Promise<void>;
  /** Writes an open window's figures and adds rows to it. */
  abstract save(unit: UnitOfWork, window: OpenWindow, added: readonly WindowRow[]): Promise<void>;
  abstract judge(
    unit: UnitOfWork,
    window: OpenWindow,
    result: { verdict: WindowVerdict; report: WindowReport | null; membersDigest: string },
  ): Promise<void>;
  /** All rows, in the order of (prediction id, row). */
  abstract rowsOf(unit: UnitOfWork, windowId: string): Promise<WindowRow[]>;
  /** Takes the labels of these rows that came before their prediction, by `<prediction id>/<row>`. */
  abstract takeEarlyOutcomes(
    unit: UnitOfWork,
    ranges: readonly PredictionRange[],
  ): Promise<Map<string, string>>;
  /**
   * Joins outcomes, one a row, to rows that have none yet and keeps those of unknown rows for later. Returns the windows
   * that got some, locked in the order of their ids.
   */
  abstract recordOutcomes(unit: UnitOfWork, outcomes: readonly RowOutcome[]): Promise<string[]>;
  /** A judged window that all outcomes have come for and that has no outcome report yet; locked. Null otherwise. */
  abstract completeForOutcomes(unit: UnitOfWork, windowId: string): Promise<JudgedWindow | null>;
  /** Judged windows that have waited for their outcomes since before `before` and have some. */
  abstract overdue(before: Date): Promise<string[]>;
  /** A judged window without outcome report, locked. */
  abstract withoutOutcomeReport(unit: UnitOfWork, windowId: string): Promise<JudgedWindow | null>;
  abstract saveOutcomeReport(unit: UnitOfWork, windowId: string, report: OutcomeReport): Promise<void>;
  /** Deletes rows of windows and early outcomes from before `before`, unless a legal hold covers them. */
  abstract prune(before: Date): Promise<void>;
}
