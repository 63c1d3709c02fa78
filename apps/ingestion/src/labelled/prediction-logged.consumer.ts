import { Injectable } from '@nestjs/common';
import { PredictionLogged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { IngestionTables } from '../ingestion-tables';
import { JoinTelemetry } from './join-telemetry';

@Injectable()
export class PredictionLoggedConsumer extends EventConsumer<typeof PredictionLogged, IngestionTables> {
  readonly event = PredictionLogged;

  constructor(private readonly join: JoinTelemetry) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof PredictionLogged>,
    unit: UnitOfWork<IngestionTables>,
  ): Promise<HandlerResult> {
    const untaken = await this.join.prediction(unit, event.payload);
    if (!untaken) return handled.ok;
    return untaken.kind === 'drop' ? handled.drop(untaken.reason) : handled.deadLetter(untaken.reason);
  }
}
