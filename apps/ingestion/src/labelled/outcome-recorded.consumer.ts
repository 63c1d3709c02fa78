import { Injectable } from '@nestjs/common';
import { OutcomeRecorded } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { IngestionTables } from '../ingestion-tables';
import { JoinTelemetry } from './join-telemetry';

@Injectable()
export class OutcomeRecordedConsumer extends EventConsumer<typeof OutcomeRecorded, IngestionTables> {
  readonly event = OutcomeRecorded;

  constructor(private readonly join: JoinTelemetry) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof OutcomeRecorded>,
    unit: UnitOfWork<IngestionTables>,
  ): Promise<HandlerResult> {
    const untaken = await this.join.outcome(unit, event, event.payload);
    if (!untaken) return handled.ok;
    return untaken.kind === 'drop' ? handled.drop(untaken.reason) : handled.deadLetter(untaken.reason);
  }
}
