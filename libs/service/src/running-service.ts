import { setTimeout as sleep } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ServiceName } from '@steward/contracts';
import type { Server as HttpServer, ServerResponse } from 'node:http';
import { Server as TcpServer, type AddressInfo } from 'node:net';
import { GrpcHost, type GrpcLimits } from './grpc-host';
import { HealthService } from './health';
import { retireShortcuts } from './http-shortcuts';
import { KEEP_ALIVE_MS } from './keep-alive';
import { flushTraces } from './tracing-shutdown';

/** How long running requests may go on after a stop was asked for. */
const DRAIN_MS = 4_000;
/** How long idle HTTP connections are kept after that, for requests that are on their way. */
const IDLE_GRACE_MS = 500;

/** Where to listen. Port 0: any free one. */
export interface Listening {
  readonly host: string;
  readonly httpPort: number;
  readonly grpcPort: number;
}

/** A service that listens. */
export class RunningService {
  private closing: Promise<void> | undefined;

  private constructor(
    readonly service: ServiceName,
    readonly app: NestExpressApplication,
    readonly httpPort: number,
    readonly grpcPort: number,
  ) {}

  /** Listens on HTTP and gRPC. */
  static async start(
    service: ServiceName,
    app: NestExpressApplication,
    where: Listening,
    limits?: GrpcLimits,
  ): Promise<RunningService> {
    await app.listen(where.httpPort, where.host);
    const http = app.getHttpServer();
    http.keepAliveTimeout = KEEP_ALIVE_MS;
    http.headersTimeout = KEEP_ALIVE_MS + 5_000;
    const grpcPort = await app.get(GrpcHost).start(where.host, where.grpcPort, limits);
    return new RunningService(service, app, (http.address() as AddressInfo).port, grpcPort);
  }

  /** Says not ready, takes nothing new, lets what runs end (4 s), then closes the application. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    this.app.get(HealthService).startStopping();
    await Promise.all([drain(this.app.getHttpServer()), this.app.get(GrpcHost).stop()]);
    await this.app.close();
    await flushTraces();
  }
}

/**
 * Takes no new connections, answers what comes on those that are open with `connection: close`, and cuts idle ones only
 * after a moment, so that no request meets a socket that was closed under it.
 */
async function drain(http: HttpServer): Promise<void> {
  retireShortcuts(http);
  http.prependListener('request', (_request, response: ServerResponse) => {
    response.setHeader('connection', 'close');
  });
  // http.Server.close would cut idle connections at once; the TCP server below it does not.
  const closed = new Promise<void>((resolve) => void TcpServer.prototype.close.call(http, () => resolve()));
  const until = Date.now() + DRAIN_MS;
  await Promise.race([closed, sleep(IDLE_GRACE_MS, undefined, { ref: false })]);
  http.closeIdleConnections();
  await Promise.race([closed, sleep(until - Date.now(), undefined, { ref: false })]);
  http.closeAllConnections();
}
