import type { Http2Server as NodeHttp2Server } from 'node:http2';
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ChannelCredentials,
  type ChannelOptions,
  type MethodDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Http2Server, NodeStream, type Http2ServerOptions } from '../../src';

/** A method whose messages are bytes, as those of a proto file are declared by it. */
export const bytesMethod = (
  path: string,
  requestStream = false,
  responseStream = false,
): MethodDefinition<Buffer, Buffer> => ({
  path,
  requestStream,
  responseStream,
  requestSerialize: (bytes) => bytes,
  requestDeserialize: (bytes) => bytes,
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
});

const SERVICE = {
  unary: bytesMethod('/test.House/Unary'),
  upload: bytesMethod('/test.House/Upload', true),
  download: bytesMethod('/test.House/Download', false, true),
  chat: bytesMethod('/test.House/Chat', true, true),
};

/** A grpc-js server of one service, with our HTTP/2 server in place of its own. */
export class GrpcHouse {
  readonly faults: unknown[] = [];
  readonly front: Http2Server;
  readonly clients: Client[] = [];
  port = 0;

  constructor(
    handlers: UntypedServiceImplementation,
    options: Pick<Http2ServerOptions, 'limits' | 'tls'> = {},
  ) {
    const server = new Server({ 'grpc.enable_channelz': 0 });
    server.addService(SERVICE, handlers);
    const inside = silent(server);
    this.front = new Http2Server({
      ...options,
      onCall: (stream, headers) => inside.emit('stream', new NodeStream(stream), headers, 0),
      onFault: (thrown) => this.faults.push(thrown),
    });
  }

  async listen(port = 0): Promise<void> {
    this.port = await this.front.listen('127.0.0.1', port);
  }

  /** A client on a connection of its own. */
  client(options: ChannelOptions = {}, how: ChannelCredentials = credentials.createInsecure()): Client {
    const own = { 'grpc.use_local_subchannel_pool': 1, ...options };
    const client = new Client(`localhost:${this.port}`, how, own);
    this.clients.push(client);
    return client;
  }

  async close(graceMs = 1_000): Promise<void> {
    for (const client of this.clients) client.close();
    await this.front.close(graceMs);
  }
}

/** Its own server, which listens nowhere. */
function silent(server: Server): NodeHttp2Server {
  const inside = server as unknown as { createHttp2Server: (...parameters: unknown[]) => NodeHttp2Server };
  const create = inside.createHttp2Server;
  let made: NodeHttp2Server | undefined;
  inside.createHttp2Server = (...parameters) => (made = create.apply(server, parameters));
  server.createConnectionInjector(ServerCredentials.createInsecure());
  return made!;
}
