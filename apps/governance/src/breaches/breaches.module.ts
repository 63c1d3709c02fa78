import type { ModuleMetadata } from '@nestjs/common';
import { BreachExposedConsumer } from './breach-exposed.consumer';
import { BreachMetrics } from './breach.metrics';
import { BreachRepository } from './breach.repository';
import { BreachesController } from './breaches.controller';
import { EndBreach } from './end-breach';
import { OpenBreach } from './open-breach';
import { PgBreachRepository } from './pg-breach.repository';
import { ReadBreaches } from './read-breaches';

/** Breaches: the part of the application's module that is theirs. */
export const Breaches = {
  controllers: [BreachesController],
  providers: [
    { provide: BreachRepository, useClass: PgBreachRepository },
    OpenBreach,
    EndBreach,
    ReadBreaches,
    BreachExposedConsumer,
    BreachMetrics,
  ],
} satisfies ModuleMetadata;
