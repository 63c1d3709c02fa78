import { Injectable } from '@nestjs/common';
import { AuditEntryRecorded } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { AppendEntries } from './append-entries';

type Definition = (typeof AuditEntryRecorded)[keyof typeof AuditEntryRecorded];

/** Entries of one service go into the log, in its order. */
@Injectable()
export abstract class AuditEntryConsumer extends EventConsumer<Definition, GovernanceTables> {
  constructor(private readonly entries: AppendEntries) {
    super();
  }

  handle(event: IncomingEvent<Definition>, unit: UnitOfWork<GovernanceTables>): Promise<HandlerResult> {
    const { payload } = event;
    if (payload.service !== this.event.topic.owner)
      return Promise.resolve(
        handled.deadLetter(
          `An entry of ${payload.service} stands on the topic of ${this.event.topic.owner}.`,
        ),
      );
    this.entries.append(unit, payload);
    return Promise.resolve(handled.ok);
  }
}

@Injectable()
export class GovernanceAuditEntryConsumer extends AuditEntryConsumer {
  readonly event = AuditEntryRecorded.governance;
}

@Injectable()
export class IngestionAuditEntryConsumer extends AuditEntryConsumer {
  readonly event = AuditEntryRecorded.ingestion;
}

@Injectable()
export class TrainingAuditEntryConsumer extends AuditEntryConsumer {
  readonly event = AuditEntryRecorded.training;
}

@Injectable()
export class InferenceAuditEntryConsumer extends AuditEntryConsumer {
  readonly event = AuditEntryRecorded.inference;
}

@Injectable()
export class MonitoringAuditEntryConsumer extends AuditEntryConsumer {
  readonly event = AuditEntryRecorded.monitoring;
}
