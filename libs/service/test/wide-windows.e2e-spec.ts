import { once } from 'node:events';
import { connect } from 'node:http2';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { onHttp2Server } from '../src/grpc-insides';
import { widenWindows } from '../src/wide-windows';

describe('flow-control windows of the gRPC server', () => {
  it('are wide, so grpc-js still makes its HTTP/2 server where they are widened', async () => {
    const server = new Server();
    expect(onHttp2Server(server, widenWindows)).toBe(true);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const session = connect(`http://127.0.0.1:${port}`);
    try {
      // The server's first settings, and those with the wide window after them.
      while (session.remoteSettings.initialWindowSize !== 1024 * 1024) await once(session, 'remoteSettings');
      expect(session.remoteSettings.initialWindowSize).toBe(1024 * 1024);
    } finally {
      session.destroy();
      server.forceShutdown();
    }
  });
});
