import type { Server } from '@grpc/grpc-js';
import type { Http2Server, ServerHttp2Session } from 'node:http2';

/** What a connection may send before the server has taken it: HTTP/2's own default is 64 KiB, a message of 400 rows. */
const CONNECTION_BYTES = 4 * 1024 * 1024;
/** The same of one call. */
const STREAM_BYTES = 1024 * 1024;

interface Inside {
  createHttp2Server?: (...parameters: unknown[]) => Http2Server;
}

/**
 * Widens the flow-control windows of a grpc-js server, which has no option for them. With the default a large message
 * stops at each 64 KiB until the server answers, and under overload requests wait in the client, where nobody can refuse
 * them. Does nothing where grpc-js makes its HTTP/2 server otherwise than it does now; a test would tell.
 */
export function widenWindows(server: Server): void {
  const inside = server as unknown as Inside;
  const create = inside.createHttp2Server;
  if (create === undefined) return;
  inside.createHttp2Server = (...parameters) => {
    const http2 = create.apply(server, parameters);
    http2.on('session', (session: ServerHttp2Session) => {
      session.settings({ initialWindowSize: STREAM_BYTES });
      session.setLocalWindowSize(CONNECTION_BYTES);
    });
    return http2;
  };
}
