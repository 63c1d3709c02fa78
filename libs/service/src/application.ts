import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { DiscoveryService, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { correlationOf, type PolicyStore } from '@steward/access';
import helmet from 'helmet';
import { Logger as PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Socket } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import type { Registry } from 'prom-client';
import { bodyParsers } from './body-parsing';
import { assertEveryEntryDecided, describeEntries } from './entries';
import { HttpShortcut } from './http-shortcut';
import { mountShortcuts } from './http-shortcuts';
import { startMetrics } from './metrics';
import { serveOpenApi } from './openapi';
import { httpMetrics } from './request-metrics';
import { REQUESTS_PER_10S, ServiceModule } from './service.module';
import type { ServerTls } from './server-tls';
import type { HttpOptions } from './service';
import type { ServiceName } from '@steward/contracts';

/** What {@link createApplication} puts together. */
export interface ApplicationParts {
  readonly service: ServiceName;
  readonly logger: Logger;
  readonly http: HttpOptions;
  /** Database, messaging: global modules that provide Database, Outbox, BusHealth and DeadLetters. */
  readonly infrastructure: readonly (Type | DynamicModule)[];
  /** The app's own root module. */
  readonly root: Type | DynamicModule;
  /** A policy that stands in for the copy in the database. For tests of a service without governance. */
  readonly policy?: PolicyStore;
  /** The certificate of both servers; without one they speak plain text. */
  readonly tls?: ServerTls | null;
}

@Module({})
class ApplicationModule {}

/** The Nest application of a service, not yet listening. Throws if an entry has no access decision. */
export async function createApplication(parts: ApplicationParts): Promise<NestExpressApplication> {
  const registry = startMetrics(parts.service);
  const app = await NestFactory.create<NestExpressApplication>(rootModule(parts), {
    bufferLogs: true,
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
    ...(parts.tls ? { httpsOptions: { ...parts.tls.fixed, ...parts.tls.current } } : {}),
  });
  parts.tls?.onRenewal((options) => (app.getHttpServer() as HttpsServer).setSecureContext(options));
  app.useLogger(app.get(PinoLogger));
  assertEveryEntryDecided(app);
  app.disable('x-powered-by');
  // The local gateway and a cluster's sidecar stand on this machine; nobody else is believed about addresses.
  app.set('trust proxy', 'loopback');
  app.set('query parser', 'simple');
  app.use(answerWithCorrelation, httpMetrics(registry), helmet(HELMET), ...bodyParsers(parts.http.bodies));
  serveOpenApi(app, parts.service);
  shorten(app, parts, registry);
  return app;
}

/** Shortcuts answer with the headers that the middlewares above set, and throttle and trust as those do. */
function shorten(app: NestExpressApplication, { logger, http }: ApplicationParts, registry: Registry): void {
  const shortcuts = app
    .get(DiscoveryService)
    .getProviders()
    .map(({ instance }) => instance as unknown)
    .filter((one) => one instanceof HttpShortcut);
  const trusts = app.getHttpAdapter().getInstance().get('trust proxy fn') as (
    address: string,
    hop: number,
  ) => boolean;
  mountShortcuts(app.getHttpServer(), shortcuts, {
    logger,
    registry,
    requestsPer10s: http.requestsPer10s ?? REQUESTS_PER_10S,
    decisions: new Map(describeEntries(app).map(({ entry, decision }) => [entry, decision])),
    headers: headersOf(helmet(HELMET)),
    trusts: (address) => trusts(address, 0),
  });
}

/** The headers that a middleware sets on every response, names and values in turn. */
function headersOf(
  middleware: (request: IncomingMessage, response: ServerResponse, next: () => void) => void,
): string[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  middleware(request, response, () => undefined);
  return Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}

/** The application for checks alone: nothing is instantiated, so neither database nor ports are needed. */
export function previewApplication(parts: ApplicationParts): Promise<NestExpressApplication> {
  return NestFactory.create<NestExpressApplication>(rootModule(parts), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
}

function rootModule({ infrastructure, root, ...rest }: ApplicationParts): DynamicModule {
  return {
    module: ApplicationModule,
    imports: [...infrastructure, ServiceModule.forRoot(rest), root],
  };
}

/** The OpenAPI page works over plain HTTP on this machine, so browsers are not told to upgrade its requests. */
const HELMET = {
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
} as const;

function answerWithCorrelation(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('x-correlation-id', correlationOf(request));
  next();
}
