import { Injectable } from '@nestjs/common';
import { PredictionLogged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { CountPredictions } from './count-predictions';

@Injectable()
export class PredictionLoggedConsumer extends EventConsumer<typeof PredictionLogged> {
  readonly event = PredictionLogged;

  constructor(private readonly count: CountPredictions) {
    super();
  }

  handle(event: IncomingEvent<typeof PredictionLogged>, unit: UnitOfWork): Promise<HandlerResult> {
    return this.count.execute(unit, event.partition, event.payload);
  }
}
