import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { Client, credentials, Metadata, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { ADMITTED } from './expected';

const PROTO = join(__dirname, '..', '..', '..', '..', 'proto');
const PATIENCE_MS = 20_000;

/** Every RPC in proto/, by its path. */
export function allRpcs(): ReadonlyMap<string, MethodDefinition<object, object>> {
  const files = readdirSync(PROTO, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.proto'));
  const loaded = loadSync(files, { includeDirs: [PROTO] });
  const services = Object.values(loaded).filter(
    (each): each is ServiceDefinition => !('format' in each) && typeof each === 'object',
  );
  return new Map(services.flatMap((service) => Object.values(service)).map((rpc) => [rpc.path, rpc]));
}

/** Calls an RPC with a message that says the project and nothing else. */
export class GrpcCaller {
  private readonly client: Client;

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure());
  }

  close(): void {
    this.client.close();
  }

  async outcome(
    rpc: MethodDefinition<object, object>,
    message: object,
    credential: string | undefined,
  ): Promise<string> {
    const error = await this.call(rpc, message, credential);
    if (error === null) return ADMITTED;
    const [code] = error.metadata.get('steward-code');
    if (typeof code === 'string' && code.startsWith('ACCESS.')) return code;
    return code === 'SERVICE.INTERNAL' || code === undefined
      ? `gRPC ${error.code} ${error.details}`
      : ADMITTED;
  }

  private call(
    rpc: MethodDefinition<object, object>,
    message: object,
    credential: string | undefined,
  ): Promise<ServiceError | null> {
    const metadata = new Metadata();
    if (credential !== undefined) metadata.set('authorization', credential);
    const options = { deadline: Date.now() + PATIENCE_MS };
    const { path, requestSerialize, responseDeserialize, requestStream, responseStream } = rpc;
    return new Promise((resolve) => {
      const answered = (error: ServiceError | null): void => resolve(error);
      if (!responseStream) {
        if (requestStream)
          this.client
            .makeClientStreamRequest(path, requestSerialize, responseDeserialize, metadata, options, answered)
            .end();
        else
          this.client.makeUnaryRequest(
            path,
            requestSerialize,
            responseDeserialize,
            message,
            metadata,
            options,
            answered,
          );
        return;
      }
      const stream = requestStream
        ? this.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, options)
        : this.client.makeServerStreamRequest(
            path,
            requestSerialize,
            responseDeserialize,
            message,
            metadata,
            options,
          );
      stream.on('data', () => undefined);
      stream.on('error', (error: ServiceError) => resolve(error));
      stream.on('end', () => resolve(null));
      if (requestStream) (stream as ClientDuplexStream<object, object>).end();
    });
  }
}

/** `{ run: { project } }` for the field `run.project`. */
export function messageWith(path: string | null, project: string): object {
  if (path === null) return {};
  return path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), project) as object;
}
