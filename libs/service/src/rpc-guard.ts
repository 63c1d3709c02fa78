import type { Metadata } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import { EntryGuard, type Caller, type EntryDecision } from '@steward/access';
import { isId, newId } from '@steward/kernel';

/** What the guard needs of a gRPC call. */
export interface GuardedRpc {
  /** `/steward.training.v1.TrainingService/StartRun`. */
  readonly path: string;
  readonly decision: EntryDecision | null;
  readonly metadata: Metadata;
  /** grpc-js' `call.getPeer()`. */
  readonly peer: string;
  /** The request message, or undefined where the client streams. */
  readonly request: unknown;
  readonly correlation: string;
}

/** Admits gRPC calls by the same rules as HTTP. Also for services that are mounted raw. */
@Injectable()
export class RpcGuard {
  constructor(private readonly guard: EntryGuard) {}

  /** Throws the AppError of the refusal. The credential: metadata `authorization` or `x-api-key`. */
  admit(rpc: GuardedRpc): Promise<Caller> {
    return this.guard.admit({
      entry: rpc.path,
      decision: rpc.decision,
      credential: text(rpc.metadata, 'authorization') ?? text(rpc.metadata, 'x-api-key'),
      correlation: rpc.correlation,
      address: addressOf(rpc.peer),
      field: (name) => fieldOf(rpc.request, name),
    });
  }
}

/** The caller's `x-correlation-id` where it is a UUID, else a new one. */
export function rpcCorrelation(metadata: Metadata): string {
  const given = text(metadata, 'x-correlation-id');
  return isId(given) ? given : newId();
}

function text(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key)[0];
  return typeof value === 'string' ? value : undefined;
}

/** The address without the port, of `127.0.0.1:4711` or `[::1]:4711`. */
function addressOf(peer: string): string | null {
  const address = peer.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return address === '' || address === 'unknown' ? null : address;
}

function fieldOf(message: unknown, path: string): unknown {
  let value = message;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
