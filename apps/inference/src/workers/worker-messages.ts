/** What workers and their primary say to each other, beside the `ready` that every service says. */
export type WorkerMessage =
  | { readonly type: 'ready'; readonly httpPort: number; readonly grpcPort: number }
  | { readonly type: 'metrics-wanted'; readonly request: number };

export interface MetricsMessage {
  readonly type: 'metrics';
  readonly request: number;
  /** Null: they could not be collected. */
  readonly text: string | null;
}
