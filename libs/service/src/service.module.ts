import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { AccessModule, type PolicyStore } from '@steward/access';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { register } from 'prom-client';
import { DeadLettersController } from './dead-letters.controller';
import { GrpcHost } from './grpc-host';
import { HealthController } from './health.controller';
import { BusLiveness, BusReadiness, DatabaseHealth, PolicyHealth, ProgressHealth } from './health-indicators';
import { HealthService } from './health';
import { requestLogging } from './logging';
import { METRICS_TEXT, MetricsController } from './metrics.controller';
import { ProblemFilter } from './problem.filter';
import { RpcGuard } from './rpc-guard';
import { ServerTls } from './server-tls';
import type { HttpOptions } from './service';
import type { ServiceName } from '@steward/contracts';

interface ServiceModuleOptions {
  readonly service: ServiceName;
  readonly logger: Logger;
  readonly http: HttpOptions;
  readonly policy?: PolicyStore;
  readonly tls?: ServerTls | null;
}

const WINDOW_MS = 10_000;
/** Of one address, where a service says nothing else. */
export const REQUESTS_PER_10S = 20_000;

/** What every service's application has beside its features. Guards run in this order: throttle, then access. */
@Module({})
export class ServiceModule {
  static forRoot({ service, logger, http, policy, tls = null }: ServiceModuleOptions): DynamicModule {
    return {
      module: ServiceModule,
      global: true,
      imports: [
        DiscoveryModule,
        LoggerModule.forRoot({ pinoHttp: requestLogging(logger) }),
        ThrottlerModule.forRoot([{ ttl: WINDOW_MS, limit: http.requestsPer10s ?? REQUESTS_PER_10S }]),
        AccessModule.forRoot({ service, policy }),
      ],
      controllers: [HealthController, MetricsController, DeadLettersController],
      providers: [
        { provide: APP_GUARD, useClass: ThrottlerGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: METRICS_TEXT, useValue: http.metrics ?? (() => register.metrics()) },
        { provide: ServerTls, useValue: tls },
        HealthService,
        DatabaseHealth,
        PolicyHealth,
        BusReadiness,
        BusLiveness,
        ProgressHealth,
        RpcGuard,
        GrpcHost,
      ],
      exports: [DiscoveryModule, HealthService, RpcGuard],
    };
  }
}
