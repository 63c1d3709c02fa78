import type { DynamicModule, Type } from '@nestjs/common';
import type { ServiceDefinition as GrpcServiceDefinition } from '@grpc/grpc-js';
import type { ServiceName } from '@steward/contracts';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { BodyLimits } from './body-parsing';
import type { GrpcLimits } from './grpc-host';
import type { TlsFiles } from './server-tls';

/** What an app's main.ts gives to {@link runService}. */
export interface ServiceOptions<Config extends z.ZodType> {
  readonly name: ServiceName;
  /** The app's own settings beside the common ones; environment variables by name. Parsed once, all faults together. */
  readonly config: Config;
  /** The root module, made from the parsed config. */
  readonly module: (config: z.output<Config> & CommonConfig) => Type | DynamicModule;
  /** What of the HTTP server differs from the defaults. */
  readonly http?: HttpOptions;
  /** What of the gRPC server differs from the defaults. */
  readonly grpc?: GrpcLimits;
  /**
   * What this process is instead of the service itself: the primary of worker processes. Null, the default: the
   * service. It is closed as the service would be, within 8 s.
   */
  readonly primary?: (config: z.output<Config> & CommonConfig, logger: Logger) => Promise<Primary> | null;
  /**
   * Listen only when /health/ready would say yes, 30 s after the start at the latest. For workers that share a port:
   * they get connections from the moment that they listen. Default false.
   */
  readonly listenWhenReady?: (config: z.output<Config> & CommonConfig) => boolean;
}

/** Supervises the processes that do the work, and says where they listen. */
export interface Primary {
  readonly httpPort: number;
  readonly grpcPort: number;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Limits of JSON and YAML bodies: 1 MiB and 32 levels where nothing is said. */
  readonly bodies?: BodyLimits;
  /** Requests per address in 10 s before it is slowed down with 429. Default 20,000. */
  readonly requestsPer10s?: number;
  /** What /metrics answers: of one of several processes, all of them together. Default: this process's registry. */
  readonly metrics?: () => Promise<string>;
}

/** Settings that every service has, from the environment. */
export interface CommonConfig {
  /** STEWARD_<SERVICE>_DATABASE_URL: this service's own role and schema. */
  readonly databaseUrl: string;
  /** STEWARD_DATA_DIR: artifacts in `<dir>/artifacts`, keys in `<dir>/keys`. */
  readonly dataDir: string;
  /** STEWARD_EVENT_BUS, default postgres; STEWARD_KAFKA_BROKERS, comma-separated. */
  readonly eventBus: 'postgres' | 'kafka';
  readonly kafkaBrokers: readonly string[];
  /** STEWARD_HTTP_HOST (127.0.0.1), STEWARD_<SERVICE>_HTTP_PORT and _GRPC_PORT (0 = any free port). */
  readonly host: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  /** STEWARD_<SERVICE>_TLS_CERT, _TLS_KEY and _TLS_CLIENT_CA; null: plain text. */
  readonly tls: TlsFiles | null;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/**
 * A gRPC service that an app mounts on its bare @grpc/grpc-js server: a Nest provider that extends this and is listed
 * in a module; runService finds all of them. Each method carries `@Can` or `@PublicEndpoint` and takes
 * (request, call: RpcCall) and returns the response or a promise of it (where the server streams: an async iterable;
 * where the client streams, the request is one); errors map by kind.
 */
export abstract class RpcService {
  /** The definition that ts-proto generated (`outputServices=grpc-js`). */
  abstract readonly definition: GrpcServiceDefinition;
}
