import type { Http2Server } from 'node:http2';
import { ServerCredentials, type Server } from '@grpc/grpc-js';

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

/**
 * An HTTP/2 server of a grpc-js server that listens nowhere: what is emitted as its `stream` is a call to grpc-js. Null where
 * grpc-js has changed too much for that.
 */
export function silentHttp2Server(server: Server): Http2Server | null {
  let silent: Http2Server | null = null;
  onHttp2Server(server, (http2) => (silent = http2));
  server.createConnectionInjector(ServerCredentials.createInsecure());
  return silent;
}
