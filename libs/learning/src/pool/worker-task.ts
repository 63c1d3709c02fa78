import type { FitJob } from './fit-job';

/** What a worker is sent. */
export interface WorkerTask {
  readonly job: FitJob;
  /** Shared: 1 when the job is to end. */
  readonly stop: Int32Array;
  /** See `rowsName`. */
  readonly rows: string | undefined;
}
