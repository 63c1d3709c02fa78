import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { Run, RunProgress, RunState } from './run';

type Unit = UnitOfWork<TrainingTables>;

export abstract class RunRepository {
  abstract add(unit: Unit, run: Run): Promise<void>;
  abstract find(project: string, id: string): Promise<Run | null>;
  /** Newest first; `after` is the id of the last run of the page before. */
  abstract list(
    project: string,
    page: { limit: number; after: string | null; pipeline: string | null },
  ): Promise<Run[]>;
  /** The run, locked until the transaction ends. */
  abstract lock(unit: Unit, id: string): Promise<Run | null>;
  /** Writes what changed; the caller holds the lock. */
  abstract change(unit: Unit, id: string, change: RunChange): Promise<void>;
  /** Writes progress while this attempt is at work; false if it no longer is (cancelled, or taken up by another worker). */
  abstract report(id: string, attempt: number, progress: RunProgress | null): Promise<boolean>;
  abstract countByState(): Promise<ReadonlyMap<RunState, number>>;
}

export type RunChange = Partial<
  Pick<
    Run,
    'state' | 'attempt' | 'progress' | 'result' | 'failure' | 'failureMessage' | 'startedAt' | 'finishedAt'
  >
>;
