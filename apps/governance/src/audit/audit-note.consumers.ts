import { Injectable } from '@nestjs/common';
import { AuditNoteRecorded } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { AuditNoteRepository } from './audit-log.repository';

type Definition = (typeof AuditNoteRecorded)[keyof typeof AuditNoteRecorded];

/** Notes of one service: free text and addresses, kept beside the log where they can be erased. */
@Injectable()
export abstract class AuditNoteConsumer extends EventConsumer<Definition, GovernanceTables> {
  constructor(private readonly notes: AuditNoteRepository) {
    super();
  }

  async handle(event: IncomingEvent<Definition>, unit: UnitOfWork<GovernanceTables>): Promise<HandlerResult> {
    const added = await this.notes.add(unit, event.payload);
    return added ? handled.ok : handled.drop('This note is known already.');
  }
}

@Injectable()
export class GovernanceAuditNoteConsumer extends AuditNoteConsumer {
  readonly event = AuditNoteRecorded.governance;
}

@Injectable()
export class IngestionAuditNoteConsumer extends AuditNoteConsumer {
  readonly event = AuditNoteRecorded.ingestion;
}

@Injectable()
export class TrainingAuditNoteConsumer extends AuditNoteConsumer {
  readonly event = AuditNoteRecorded.training;
}

@Injectable()
export class InferenceAuditNoteConsumer extends AuditNoteConsumer {
  readonly event = AuditNoteRecorded.inference;
}

@Injectable()
export class MonitoringAuditNoteConsumer extends AuditNoteConsumer {
  readonly event = AuditNoteRecorded.monitoring;
}
