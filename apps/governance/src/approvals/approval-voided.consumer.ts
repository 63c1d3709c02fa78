import { Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent } from '@steward/access';
import { ApprovalVoided } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalRepository } from './approval.repository';

/** Training could not carry out an approval: the request is closed with the reason. */
@Injectable()
export class ApprovalVoidedConsumer extends EventConsumer<typeof ApprovalVoided, GovernanceTables> {
  readonly event = ApprovalVoided;

  constructor(
    private readonly requests: ApprovalRepository,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof ApprovalVoided>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    const { requestId, code } = event.payload;
    const request = await this.requests.lock(unit, requestId);
    if (!request) return handled.drop('No approval request has this id.');
    if (request.state === 'voided') return handled.ok;
    await this.requests.close(unit, requestId, 'voided', event.time, code);
    this.audit.record(unit, callerFromEvent(event), {
      action: 'approval.void',
      object: { kind: 'approval-request', id: requestId },
      project: request.project,
      details: { code, before: request.state },
    });
    return handled.ok;
  }
}
