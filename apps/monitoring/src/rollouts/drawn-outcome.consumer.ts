import { Injectable } from '@nestjs/common';
import { OutcomeRecorded } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { CountRollouts } from './count-rollouts';

/** What really happened, perhaps to rows that a canary's comparison waits for. */
@Injectable()
export class DrawnOutcomeConsumer extends EventConsumer<typeof OutcomeRecorded> {
  readonly event = OutcomeRecorded;

  constructor(private readonly count: CountRollouts) {
    super();
  }

  async handle(event: IncomingEvent<typeof OutcomeRecorded>, unit: UnitOfWork): Promise<HandlerResult> {
    await this.count.came(unit, event.partition, event.payload);
    return handled.ok;
  }
}
