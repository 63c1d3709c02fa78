import { Injectable } from '@nestjs/common';
import { RetentionAnswered } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { TakeRetentionAnswer } from './take-retention-answer';

type Definition = (typeof RetentionAnswered)[keyof typeof RetentionAnswered];

/** Answers of one service. */
@Injectable()
abstract class RetentionAnsweredConsumer extends EventConsumer<Definition, GovernanceTables> {
  constructor(private readonly answers: TakeRetentionAnswer) {
    super();
  }

  async handle(event: IncomingEvent<Definition>, unit: UnitOfWork<GovernanceTables>): Promise<HandlerResult> {
    const taken = await this.answers.execute(unit, event.source, event.payload);
    return taken ? handled.ok : handled.drop('Nobody waits for this answer.');
  }
}

@Injectable()
export class IngestionRetentionAnsweredConsumer extends RetentionAnsweredConsumer {
  readonly event = RetentionAnswered.ingestion;
}

@Injectable()
export class MonitoringRetentionAnsweredConsumer extends RetentionAnsweredConsumer {
  readonly event = RetentionAnswered.monitoring;
}

@Injectable()
export class GovernanceRetentionAnsweredConsumer extends RetentionAnsweredConsumer {
  readonly event = RetentionAnswered.governance;
}
