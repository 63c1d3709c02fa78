import {
  Server,
  type ServerCredentials,
  type MethodDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { entryDecision } from '@steward/access';
import { Http2Server } from '@steward/http2';
import { HealthImplementation } from 'grpc-health-check';
import { register } from 'prom-client';
import { grpcCredentials } from './grpc-credentials';
import { onHttp2Server, silentHttp2Server } from './grpc-insides';
import { HealthService } from './health';
import { RawRpcService } from './raw-rpc-service';
import { addReflection } from './reflection';
import { connectionMetrics, rpcDurations } from './request-metrics';
import { RpcGuard } from './rpc-guard';
import { methodOf, rpcHandler, type RpcHost } from './rpc-handlers';
import { RpcShortcut } from './rpc-shortcut';
import { ServerTls } from './server-tls';
import { RpcService } from './service';
import { shareCalls, type MountedShortcut, type TakeCall } from './short-calls';
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
/** Open at a time on one connection. */
const MOST_CALLS = 1_000;

/** Whatever listens on the port. */
interface Listening {
  readonly port: number;
  /** Refuses new calls, lets running ones end for so long, then ends them. */
  close(graceMs: number): Promise<void>;
}

/**
 * The bare grpc-js server inside the Nest application: every RpcService, health and reflection. Where there are shortcuts,
 * `@steward/http2` holds the port and gives grpc-js the calls that no shortcut takes.
 */
@Injectable()
export class GrpcHost {
  private readonly logger = new Logger('Grpc');
  private readonly health = new HealthImplementation({ '': 'NOT_SERVING' });
  private listening: Listening | undefined;
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
      'grpc.max_concurrent_streams': MOST_CALLS,
      // Of a connection that broke the protocol node:http2 stops reading, and so never sees that its caller has left: its
      // socket would stay for ever.
      'grpc.keepalive_time_ms': keepaliveMs,
      'grpc.keepalive_timeout_ms': keepaliveMs,
      // Nobody asks for channelz' figures, and they are counted for each call.
      'grpc.enable_channelz': 0,
    });
    const durations = rpcDurations(register);
    const rpcHost = { guard: this.guard, logger: this.logger, durations, timeoutMs };
    const shortcuts = this.mount(server, rpcHost);
    this.health.addToServer(server);
    if (!addReflection(server, [...this.mounted, 'grpc.health.v1.Health'])) {
      this.logger.warn('There are no .proto files here, so gRPC reflection is off.');
    }
    const silent = shortcuts.length > 0 ? silentHttp2Server(server) : null;
    if (shortcuts.length > 0 && !silent)
      this.logger.warn('grpc-js is not what it was: its calls cannot be answered in front of it.');
    this.listening = silent
      ? await this.listenInFront(
          host,
          port,
          keepaliveMs,
          shareCalls(silent, rpcHost, shortcuts, messageBytes),
        )
      : await this.listenByItself(server, host, port);
    await this.updateHealth();
    return this.listening.port;
  }

  /** Refuses new calls, lets running ones end for 4 s, then ends them. */
  async stop(): Promise<void> {
    clearTimeout(this.healthTimer);
    this.healthTimer = undefined;
    const { listening } = this;
    if (!listening) return;
    this.listening = undefined;
    for (const name of ['', ...this.mounted]) this.health.setStatus(name, 'NOT_SERVING');
    await listening.close(DRAIN_MS);
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

  private async listenInFront(
    host: string,
    port: number,
    keepaliveMs: number,
    onCall: TakeCall,
  ): Promise<Listening> {
    const metrics = connectionMetrics(register);
    const { tls } = this;
    const front = new Http2Server({
      limits: { streams: MOST_CALLS, keepaliveMs },
      ...(tls && { tls: { ...tls.fixed, ...tls.current } }),
      onCall,
      onFault: (thrown) => this.logger.error({ err: thrown }, 'A call failed before it was taken.'),
      onClose: (code) => metrics.ended.cell(String(code)).add(1),
    });
    metrics.open(() => front.size);
    tls?.onRenewal((options) => front.renew(options));
    return { port: await front.listen(host, port), close: (graceMs) => front.close(graceMs) };
  }

  private async listenByItself(server: Server, host: string, port: number): Promise<Listening> {
    if (!onHttp2Server(server, widenWindows))
      this.logger.warn('grpc-js is not what it was: its flow-control windows stay narrow.');
    return {
      port: await bind(server, `${host}:${port}`, grpcCredentials(this.tls)),
      close: (graceMs) =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(() => {
            server.forceShutdown();
            resolve();
          }, graceMs);
          server.tryShutdown(() => {
            clearTimeout(timer);
            resolve();
          });
        }),
    };
  }

  private async updateHealth(): Promise<void> {
    const { ok } = await this.readiness.check('ready');
    if (!this.listening) return;
    for (const name of ['', ...this.mounted]) this.health.setStatus(name, ok ? 'SERVING' : 'NOT_SERVING');
    this.healthTimer = setTimeout(() => void this.updateHealth(), HEALTH_MS);
    this.healthTimer.unref();
  }
}

/** `steward.training.v1.TrainingService`, from the path of one of its methods. */
export function serviceNameOf(definition: Readonly<Record<string, { readonly path: string }>>): string {
  return Object.values(definition)[0]?.path.split('/')[1] ?? '';
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
}
