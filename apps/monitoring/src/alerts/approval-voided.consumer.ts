import { Injectable } from '@nestjs/common';
import { ApprovalVoided } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { EndRetraining } from './end-retraining';

/** A granted approval could not be carried out: no alias moves. */
@Injectable()
export class ApprovalVoidedConsumer extends EventConsumer<typeof ApprovalVoided> {
  readonly event = ApprovalVoided;

  constructor(private readonly retraining: EndRetraining) {
    super();
  }

  async handle({ payload }: IncomingEvent<typeof ApprovalVoided>, unit: UnitOfWork): Promise<HandlerResult> {
    await this.retraining.approvalEnded(unit, payload.requestId);
    return handled.ok;
  }
}
