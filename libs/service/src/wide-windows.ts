import type { Http2Server, ServerHttp2Session } from 'node:http2';

/** What a connection may send before the server has taken it: HTTP/2's own default is 64 KiB, a message of 400 rows. */
const CONNECTION_BYTES = 4 * 1024 * 1024;
/** The same of one call. */
const STREAM_BYTES = 1024 * 1024;

/**
 * Widens the flow-control windows of a grpc-js server, which has no option for them. With the default a large message
 * stops at each 64 KiB until the server answers, and under overload requests wait in the client, where nobody can refuse
 * them.
 */
export function widenWindows(http2: Http2Server): void {
  http2.on('session', (session: ServerHttp2Session) => {
    session.settings({ initialWindowSize: STREAM_BYTES });
    session.setLocalWindowSize(CONNECTION_BYTES);
  });
}
