import type { Spent } from '../guards/allowance';

/** What workers and their primary say to each other, beside the `ready` that every service says. */
export type WorkerMessage =
  | { readonly type: 'ready'; readonly httpPort: number; readonly grpcPort: number }
  | { readonly type: 'metrics-wanted'; readonly request: number }
  | SpentMessage;

/** What a worker let through of its callers' allowances, for all other workers. */
export interface SpentMessage {
  readonly type: 'spent';
  readonly spent: readonly Spent[];
}

/** What the primary says to a worker. */
export type PrimaryMessage = MetricsMessage | SpentMessage;

export interface MetricsMessage {
  readonly type: 'metrics';
  readonly request: number;
  /** Null: they could not be collected. */
  readonly text: string | null;
}
