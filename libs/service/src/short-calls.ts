import type { Http2Server as NodeHttp2Server, IncomingHttpHeaders } from 'node:http2';
import { status, type MethodDefinition } from '@grpc/grpc-js';
import type { Logger } from '@nestjs/common';
import type { EntryDecision } from '@steward/access';
import { encodeHeaders, NodeStream, type ServerStream } from '@steward/http2';
import { errors, isId, newId, type AppError } from '@steward/kernel';
import { CallTracing } from './call-tracing';
import { rpcError } from './rpc-errors';
import { rpcCorrelation } from './rpc-guard';
import type { RpcHost } from './rpc-handlers';
import type { RpcShortcut } from './rpc-shortcut';
import { Gathering, ShortCall, statusBlock, type ShortCallHost } from './short-call';

/** A shortcut with the method that it stands in front of. */
export interface MountedShortcut {
  readonly shortcut: RpcShortcut;
  readonly definition: Pick<MethodDefinition<unknown, unknown>, 'path'>;
  readonly decision: EntryDecision | null;
}

const CORRELATION = 'steward-correlation';
/** Messages of all calls that may be half there at a time. */
const MOST_GATHERED_BYTES = 128 * 1024 * 1024;
const TOO_MUCH_GATHERED = errors.limit(
  'RPC.TOO_MANY_MESSAGES',
  'More messages are on their way than there is room for; try again later.',
  { retriable: true },
);

/** Takes a new call of an HTTP/2 server. */
export type TakeCall = (stream: ServerStream, headers: IncomingHttpHeaders, ended: boolean) => void;

/**
 * Shares the calls of a port between shortcuts and grpc-js: those of other methods, and those that a shortcut does not
 * take, are given to grpc-js' server as if its own HTTP/2 server had met them.
 */
export function shareCalls(
  grpc: NodeHttp2Server,
  host: RpcHost,
  mounted: readonly MountedShortcut[],
  messageBytes: number,
  gatheredBytes = MOST_GATHERED_BYTES,
): TakeCall {
  const tracing = new CallTracing();
  const refusals = new Refusals(host.logger);
  const gathering = new Gathering();
  const handOver = (stream: ServerStream, headers: IncomingHttpHeaders, read: readonly Buffer[]): void => {
    grpc.emit('stream', new NodeStream(stream, read), headers, 0);
  };
  const hosts = new Map(
    mounted.map(({ shortcut, definition: { path }, decision }): [string, ShortCallHost] => {
      const answered = host.durations.cell(path, status[status.OK]);
      return [
        path,
        {
          shortcut,
          decision,
          messageBytes,
          gathering,
          refusal: () => shortcut.refusal() ?? (gathering.bytes > gatheredBytes ? TOO_MUCH_GATHERED : null),
          trace: (headers) => tracing.start(path, headers),
          refusalBlock: (refusal, headers) => refusals.block(refusal, headers),
          errorOf: (thrown, call) => rpcError(thrown, rpcCorrelation(call.metadata()), host.logger),
          ended: (started, code) => {
            const cell = code === status.OK ? answered : host.durations.cell(path, status[code]);
            cell.observe((performance.now() - started) / 1e3);
          },
          handOver,
        },
      ];
    }),
  );
  return (stream, headers, ended) => {
    const taken = hosts.get(headers[':path'] ?? '');
    // Nothing follows the headers: there is no message that could be taken.
    if (!taken || ended) handOver(stream, headers, []);
    else ShortCall.begin(taken, stream, headers);
  };
}

/** The answers of refusals. What is the same in all of one error is made once. */
class Refusals {
  private readonly known = new WeakMap<AppError, Buffer>();

  constructor(private readonly logger: Logger) {}

  block(refusal: AppError, { 'x-correlation-id': wanted }: IncomingHttpHeaders): Buffer {
    let same = this.known.get(refusal);
    if (!same) {
      const error = rpcError(refusal, '', this.logger);
      error.metadata?.remove(CORRELATION);
      this.known.set(refusal, (same = statusBlock(error)));
    }
    // Blocks that change no table may stand behind one another.
    return Buffer.concat([same, encodeHeaders({ [CORRELATION]: isId(wanted) ? wanted : newId() })]);
  }
}
