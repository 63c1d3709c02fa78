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

/** Any window, for readers. */
export type WindowView = Omit<
  JudgedWindow,
  'judgedAt' | 'verdict' | 'membersDigest' | 'counts' | 'previousCounts'
> & {
  readonly state: 'open' | 'judged';
  readonly judgedAt: string | null;
  readonly verdict: WindowVerdict | null;
  readonly membersDigest: string | null;
};

export abstract class WindowRepository {
  /** One lock a partition, until the transaction ends: predictions and outcomes of one id never pass each other. */
  abstract lockPartition(unit: UnitOfWork, partition: number): Promise<void>;
  /** Adds to the figure of all predictions ever seen. */
  abstract observe(
    unit: UnitOfWork,
    project: string,
    model: string,
    version: number,
    rows: number,
  ): Promise<void>;
  /** The monitor's open window, locked. */
  abstract openOf(unit: UnitOfWork, project: string, monitor: string): Promise<OpenWindow | null>;
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
  /** Takes outcomes that came before their prediction. */
  abstract takeEarlyOutcomes(unit: UnitOfWork, predictionId: string): Promise<Map<number, string>>;
  /**
   * Joins outcomes to rows that have none yet and keeps the others for later. Returns the windows that got some, with
   * how many, locked in the order of their ids.
   */
  abstract recordOutcomes(
    unit: UnitOfWork,
    outcome: { project: string; predictionId: string; rows: readonly number[]; labels: readonly string[] },
  ): Promise<string[]>;
  /** A judged window that all outcomes have come for and that has no outcome report yet; locked. Null otherwise. */
  abstract completeForOutcomes(unit: UnitOfWork, windowId: string): Promise<JudgedWindow | null>;
  /** Judged windows that have waited for their outcomes since before `before` and have some. */
  abstract overdue(before: Date): Promise<string[]>;
  /** A judged window without outcome report, locked. */
  abstract withoutOutcomeReport(unit: UnitOfWork, windowId: string): Promise<JudgedWindow | null>;
  abstract saveOutcomeReport(unit: UnitOfWork, windowId: string, report: OutcomeReport): Promise<void>;
  abstract find(project: string, id: string): Promise<WindowView | null>;
  abstract list(
    project: string,
    page: { monitor?: string; before?: string; limit: number },
  ): Promise<WindowView[]>;
  abstract latest(): Promise<WindowView[]>;
  abstract counts(
    project: string,
  ): Promise<{ model: string; modelVersion: number; predictions: number; joined: number }[]>;
  /** Deletes rows, early outcomes and old windows from before `before`. */
  abstract prune(before: Date): Promise<void>;
}
