import { Injectable } from '@nestjs/common';
import { ApprovalRequested } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { EndRetraining } from './end-retraining';

/** Which retraining an approval is about. */
@Injectable()
export class ApprovalRequestedConsumer extends EventConsumer<typeof ApprovalRequested> {
  readonly event = ApprovalRequested;

  constructor(private readonly retraining: EndRetraining) {
    super();
  }

  async handle(
    { payload }: IncomingEvent<typeof ApprovalRequested>,
    unit: UnitOfWork,
  ): Promise<HandlerResult> {
    if (payload.retrainId === null) return handled.drop('Not a retraining.');
    await this.retraining.approvalOpened(unit, payload.requestId, payload.retrainId);
    return handled.ok;
  }
}
