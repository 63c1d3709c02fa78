import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '@steward/access';

/** What a method of an {@link RpcService} gets beside its request. */
export interface RpcCall {
  readonly caller: Caller;
  readonly metadata: Metadata;
  /** Aborted when the caller hangs up or the deadline passes: long work should stop. */
  readonly signal: AbortSignal;
  /** When the caller stops waiting, milliseconds since the epoch; undefined: he did not say. */
  readonly deadline?: number | undefined;
}
