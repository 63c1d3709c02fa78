import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { ApprovalRequested } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { errors } from '@steward/kernel';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { OpenRequest } from './open-request';

/** Training asks whether an alias may move. */
@Injectable()
export class ApprovalRequestedConsumer extends EventConsumer<typeof ApprovalRequested, GovernanceTables> {
  readonly event = ApprovalRequested;

  constructor(private readonly requests: OpenRequest) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof ApprovalRequested>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    const { project, correlation, time } = event;
    if (project === null)
      throw errors.invalid('GOVERNANCE.NO_PROJECT', 'An approval request belongs to a project.');
    const { requestId, ...facts } = event.payload;
    const asked = { ...facts, id: requestId, project, correlation, openedAt: time };
    await this.requests.open(unit, callerFromEvent(event), asked);
    return handled.ok;
  }
}
