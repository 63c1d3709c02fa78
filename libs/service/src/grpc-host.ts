import {
  Server,
  type ServerCredentials,
  type MethodDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { entryDecision } from '@steward/access';
import { HealthImplementation } from 'grpc-health-check';
import { register } from 'prom-client';
import { grpcCredentials } from './grpc-credentials';
import { onHttp2Server } from './grpc-insides';
import { HealthService } from './health';
import { RawRpcService } from './raw-rpc-service';
import { addReflection } from './reflection';
import { rpcDurations } from './request-metrics';
import { RpcGuard } from './rpc-guard';
import { methodOf, rpcHandler, type RpcHost } from './rpc-handlers';
import { RpcShortcut } from './rpc-shortcut';
import { ServerTls } from './server-tls';
import { RpcService } from './service';
import { shortenCalls, type MountedShortcut } from './short-calls';
import { tolerant } from './undecodable-message';
import { widenWindows } from './wide-windows';

/** Limits of the gRPC server. */
export interface GrpcLimits {
  /** Largest message, both ways. Default 4 MiB. */
  readonly messageBytes?: number;
  /** Longest unary call in milliseconds. Default 30 s. */
  readonly timeoutMs?: number;
  /** How often a connection is asked for a sign of life, which must come within as long again. Default 15 s. */
  readonly keepaliveMs?: number;
}

/** How often the gRPC health service learns what /health/ready would say. */
const HEALTH_MS = 2_000;
const DRAIN_MS = 4_000;

/** The bare grpc-js server inside the Nest application: every RpcService, health and reflection. */
@Injectable()
export class GrpcHost {
  private readonly logger = new Logger('Grpc');
  private readonly health = new HealthImplementation({ '': 'NOT_SERVING' });
  private server: Server | undefined;
  private healthTimer: NodeJS.Timeout | undefined;
  private mounted: string[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly guard: RpcGuard,
    private readonly readiness: HealthService,
    @Inject(ServerTls) private readonly tls: ServerTls | null,
  ) {}

  /** Mounts and listens; resolves with the port. */
  async start(host: string, port: number, limits: GrpcLimits = {}): Promise<number> {
    const { messageBytes = 4 * 1024 * 1024, timeoutMs = 30_000, keepaliveMs = 15_000 } = limits;
    const server = new Server({
      'grpc.max_receive_message_length': messageBytes,
      'grpc.max_send_message_length': messageBytes,
      'grpc.max_concurrent_streams': 1_000,
      // Of a connection that broke the protocol node:http2 stops reading, and so never sees that its caller has left: its
      // socket would stay for ever.
      'grpc.keepalive_time_ms': keepaliveMs,
      'grpc.keepalive_timeout_ms': keepaliveMs,
      // Nobody asks for channelz' figures, and they are counted for each call.
      'grpc.enable_channelz': 0,
    });
    this.server = server;
    const durations = rpcDurations(register);
    const rpcHost = { guard: this.guard, logger: this.logger, durations, timeoutMs };
    const shortcuts = this.mount(server, rpcHost);
    this.openUp(server, rpcHost, shortcuts, messageBytes);
    this.health.addToServer(server);
    if (!addReflection(server, [...this.mounted, 'grpc.health.v1.Health'])) {
      this.logger.warn('There are no .proto files here, so gRPC reflection is off.');
    }
    const bound = await listen(server, `${host}:${port}`, grpcCredentials(this.tls));
    await this.updateHealth();
    return bound;
  }

  /** Refuses new calls, lets running ones end for 4 s, then ends them. */
  async stop(): Promise<void> {
    clearTimeout(this.healthTimer);
    this.healthTimer = undefined;
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    for (const name of ['', ...this.mounted]) this.health.setStatus(name, 'NOT_SERVING');
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        server.forceShutdown();
        resolve();
      }, DRAIN_MS);
      server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Mounts all services; returns the shortcuts that stand in front of their methods. */
  private mount(server: Server, host: RpcHost): MountedShortcut[] {
    const providers = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    const shortcuts = new Map(
      providers.filter((one) => one instanceof RpcShortcut).map((one) => [one.path, one]),
    );
    const shortened: MountedShortcut[] = [];
    for (const instance of providers) {
      if (instance instanceof RawRpcService) {
        server.addService(instance.definition, instance.handlers);
        this.mounted.push(serviceNameOf(instance.definition));
      } else if (instance instanceof RpcService) {
        const handlers: UntypedServiceImplementation = {};
        const definitions: Record<string, MethodDefinition<unknown, unknown>> = {};
        for (const [name, each] of Object.entries(instance.definition)) {
          const definition = tolerant(each);
          definitions[name] = definition;
          handlers[name] = rpcHandler(host, instance, name, definition);
          const shortcut = shortcuts.get(definition.path);
          const decision = entryDecision(methodOf(instance, name), instance.constructor);
          if (shortcut) shortened.push({ shortcut, definition, decision });
        }
        server.addService(definitions, handlers);
        this.mounted.push(serviceNameOf(instance.definition));
      }
    }
    return shortened;
  }

  /** What grpc-js has no options for: wide windows, and calls that are answered in front of it. */
  private openUp(
    server: Server,
    host: RpcHost,
    shortcuts: readonly MountedShortcut[],
    messageBytes: number,
  ): void {
    const found = onHttp2Server(server, (http2) => {
      widenWindows(http2);
      if (shortcuts.length > 0 && !shortenCalls(http2, host, shortcuts, messageBytes)) {
        this.logger.warn('grpc-js is not what it was: its calls cannot be answered in front of it.');
      }
    });
    if (!found)
      this.logger.warn('grpc-js is not what it was: windows stay narrow, and all calls are its own.');
  }

  private async updateHealth(): Promise<void> {
    const { ok } = await this.readiness.check('ready');
    if (!this.server) return;
    for (const name of ['', ...this.mounted]) this.health.setStatus(name, ok ? 'SERVING' : 'NOT_SERVING');
    this.healthTimer = setTimeout(() => void this.updateHealth(), HEALTH_MS);
    this.healthTimer.unref();
  }
}

/** `steward.training.v1.TrainingService`, from the path of one of its methods. */
export function serviceNameOf(definition: Readonly<Record<string, { readonly path: string }>>): string {
  return Object.values(definition)[0]?.path.split('/')[1] ?? '';
}

function listen(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
}
