import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** What grpc-js does with a new call. */
export type StreamHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number) => void;

interface Inside {
  createHttp2Server?: (...parameters: unknown[]) => Http2Server;
}

/**
 * Shows each HTTP/2 server that a grpc-js server makes, which has no option for this. False where grpc-js makes its
 * server otherwise than it does in the pinned version: then nothing is shown. A test fails loudly when that happens.
 */
export function onHttp2Server(server: Server, use: (http2: Http2Server) => void): boolean {
  const inside = server as unknown as Inside;
  const create = inside.createHttp2Server;
  if (create === undefined) return false;
  inside.createHttp2Server = (...parameters) => {
    const http2 = create.apply(server, parameters);
    use(http2);
    return http2;
  };
  return true;
}

/** Puts a handler in front of grpc-js' own, which it is given. False where grpc-js has not exactly one. */
export function interceptStreams(
  http2: Http2Server,
  handlerBefore: (own: StreamHandler) => StreamHandler,
): boolean {
  const [own, ...others] = http2.listeners('stream') as StreamHandler[];
  if (own === undefined || others.length > 0) return false;
  http2.removeAllListeners('stream');
  http2.on('stream', handlerBefore(own.bind(http2)));
  return true;
}
