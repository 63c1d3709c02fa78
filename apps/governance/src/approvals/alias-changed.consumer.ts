import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { AliasChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalRepository } from './approval.repository';
import { CloseRequest } from './close-request';

/** An alias moved: open requests that would replace an earlier champion can no longer be carried out. */
@Injectable()
export class AliasChangedConsumer extends EventConsumer<typeof AliasChanged, GovernanceTables> {
  readonly event = AliasChanged;

  constructor(
    private readonly requests: ApprovalRepository,
    private readonly closing: CloseRequest,
  ) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof AliasChanged>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    const { alias, descriptor } = event.payload;
    if (event.project === null) return handled.drop('An alias belongs to a project.');
    for (const request of await this.requests.lockPending(unit, event.project, descriptor.model, alias))
      // One that was opened later knows a newer champion than this event, which is late.
      if (request.openedAt <= event.time && request.replaces !== descriptor.digest)
        await this.closing.close(unit, callerFromEvent(event), request, 'expired');
    return handled.ok;
  }
}
