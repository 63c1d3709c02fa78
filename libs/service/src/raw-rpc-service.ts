import type { ServiceDefinition as GrpcServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { EntryDecision } from '@steward/access';

/**
 * A gRPC service that is mounted as it is, for methods where every microsecond counts: its handlers get grpc-js' own
 * calls. They must admit each call by {@link RpcGuard} (or their own cache of its answers) with the decision that they
 * declare here, and answer errors by `rpcError`. Found by Nest like {@link RpcService}.
 */
export abstract class RawRpcService {
  abstract readonly definition: GrpcServiceDefinition;
  /** Who may call which method; shown and checked with all other entries. */
  abstract readonly decisions: Readonly<Record<string, EntryDecision>>;
  abstract readonly handlers: UntypedServiceImplementation;
}
