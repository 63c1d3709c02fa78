import { Injectable } from '@nestjs/common';
import { RunChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { EndRetraining } from './end-retraining';

/** A retraining that failed answers nothing: after the cool-down the next alarm may ask again. */
@Injectable()
export class RunChangedConsumer extends EventConsumer<typeof RunChanged> {
  readonly event = RunChanged;

  constructor(private readonly retraining: EndRetraining) {
    super();
  }

  async handle(event: IncomingEvent<typeof RunChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { state, retrainId } = event.payload;
    if (retrainId === null || (state !== 'failed' && state !== 'cancelled'))
      return handled.drop('Not a failed retraining.');
    await this.retraining.failed(unit, retrainId);
    return handled.ok;
  }
}
