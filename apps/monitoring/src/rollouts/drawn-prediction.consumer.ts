import { Injectable } from '@nestjs/common';
import { PredictionLogged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { CountRollouts } from './count-rollouts';

/** A prediction that was drawn for a canary's comparison. */
@Injectable()
export class DrawnPredictionConsumer extends EventConsumer<typeof PredictionLogged> {
  readonly event = PredictionLogged;

  constructor(private readonly count: CountRollouts) {
    super();
  }

  async handle(event: IncomingEvent<typeof PredictionLogged>, unit: UnitOfWork): Promise<HandlerResult> {
    await this.count.predicted(unit, event.partition, event.payload);
    return handled.ok;
  }
}
