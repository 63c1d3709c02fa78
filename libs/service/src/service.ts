import type { DynamicModule, Type } from '@nestjs/common';
import type { ServiceDefinition as GrpcServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { ServiceName } from '@steward/contracts';
import type { z } from 'zod';

/** What an app's main.ts gives to {@link runService}. */
export interface ServiceOptions<Config extends z.ZodType> {
  readonly name: ServiceName;
  /** The app's own settings beside the common ones; environment variables by name. Parsed once, all faults together. */
  readonly config: Config;
  /** The root module, made from the parsed config. */
  readonly module: (config: z.output<Config> & CommonConfig) => Type | DynamicModule;
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
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/**
 * A gRPC service that an app mounts on its bare @grpc/grpc-js server: a Nest provider that extends this and is listed
 * in a module; runService finds all of them. Each method carries `@Can` or `@PublicEndpoint` and takes
 * (request, call: RpcCall) and returns the response or a promise of it; errors map by kind.
 */
export abstract class RpcService {
  /** The definition that ts-proto generated (`outputServices=grpc-js`). */
  abstract readonly definition: GrpcServiceDefinition<UntypedServiceImplementation>;
}
