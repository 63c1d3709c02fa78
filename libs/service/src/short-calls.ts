import { constants, type Http2Server, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { status, type MethodDefinition } from '@grpc/grpc-js';
import type { Logger } from '@nestjs/common';
import type { EntryDecision } from '@steward/access';
import { isId, newId, type AppError } from '@steward/kernel';
import { CallTracing } from './call-tracing';
import { interceptStreams } from './grpc-insides';
import { rpcError } from './rpc-errors';
import { rpcCorrelation } from './rpc-guard';
import type { RpcHost } from './rpc-handlers';
import type { RpcShortcut } from './rpc-shortcut';
import { ShortCall, statusHeaders, type ShortCallHost } from './short-call';

/** A shortcut with the method that it stands in front of. */
export interface MountedShortcut {
  readonly shortcut: RpcShortcut;
  readonly definition: Pick<MethodDefinition<unknown, unknown>, 'path'>;
  readonly decision: EntryDecision | null;
}

const { NGHTTP2_FLAG_END_STREAM } = constants;

/**
 * Puts shortcuts in front of a grpc-js server: on the same port, connections and streams. Calls of other methods, and
 * those that a shortcut does not take, are grpc-js' as before. False where grpc-js has changed too much for that.
 */
export function shortenCalls(
  http2: Http2Server,
  host: RpcHost,
  mounted: readonly MountedShortcut[],
  messageBytes: number,
): boolean {
  const tracing = new CallTracing();
  const refusals = new Refusals(host.logger);
  return interceptStreams(http2, (own) => {
    const hosts = new Map(
      mounted.map(({ shortcut, definition: { path }, decision }): [string, ShortCallHost] => {
        const answered = host.durations.cell(path, status[status.OK]);
        return [
          path,
          {
            shortcut,
            decision,
            messageBytes,
            trace: (headers) => tracing.start(path, headers),
            refusalHeaders: (refusal, headers) => refusals.headers(refusal, headers),
            errorOf: (thrown, call) => rpcError(thrown, rpcCorrelation(call.metadata()), host.logger),
            ended: (started, code) => {
              const cell = code === status.OK ? answered : host.durations.cell(path, status[code]);
              cell.observe((performance.now() - started) / 1e3);
            },
            handOver: (stream, headers) => own(stream, headers, 0),
          },
        ];
      }),
    );
    return (stream, headers, flags) => {
      const taken = hosts.get(headers[':path'] ?? '');
      // Nothing follows the headers: there is no message that could be taken.
      if (!taken || (flags & NGHTTP2_FLAG_END_STREAM) !== 0) return own(stream, headers, flags);
      ShortCall.begin(taken, stream, headers);
    };
  });
}

/** The answers of refusals. What is the same in all of one error is made once. */
class Refusals {
  private readonly known = new WeakMap<AppError, OutgoingHttpHeaders>();

  constructor(private readonly logger: Logger) {}

  headers(refusal: AppError, { 'x-correlation-id': wanted }: IncomingHttpHeaders): OutgoingHttpHeaders {
    let same = this.known.get(refusal);
    if (!same) this.known.set(refusal, (same = statusHeaders(rpcError(refusal, '', this.logger))));
    return { ...same, 'steward-correlation': isId(wanted) ? wanted : newId() };
  }
}
