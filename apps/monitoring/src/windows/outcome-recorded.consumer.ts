import { Injectable } from '@nestjs/common';
import { OutcomeRecorded } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { JoinOutcomes } from './join-outcomes';

@Injectable()
export class OutcomeRecordedConsumer extends EventConsumer<typeof OutcomeRecorded> {
  readonly event = OutcomeRecorded;

  constructor(private readonly join: JoinOutcomes) {
    super();
  }

  handle(event: IncomingEvent<typeof OutcomeRecorded>, unit: UnitOfWork): Promise<HandlerResult> {
    return this.join.execute(unit, event.partition, event.payload);
  }
}
