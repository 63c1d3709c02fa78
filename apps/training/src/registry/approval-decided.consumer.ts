import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { ApprovalDecided } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { TrainingTables } from '../training-tables';
import { DecideAlias } from './decide-alias';

/** Governance decided on an approval request. */
@Injectable()
export class ApprovalDecidedConsumer extends EventConsumer<typeof ApprovalDecided, TrainingTables> {
  readonly event = ApprovalDecided;

  constructor(private readonly aliases: DecideAlias) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof ApprovalDecided>,
    unit: UnitOfWork<TrainingTables>,
  ): Promise<HandlerResult> {
    if (event.project === null) return handled.drop('An approval belongs to a project.');
    const { requestId, decision, model, version, digest, alias, replaces, approvers } = event.payload;
    await this.aliases.decide(unit, callerFromEvent(event), {
      requestId,
      decision,
      project: event.project,
      model,
      version,
      digest,
      alias,
      replaces,
      approvers,
    });
    return handled.ok;
  }
}
