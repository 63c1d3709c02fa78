import { Injectable } from '@nestjs/common';
import { ApprovalDecided } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { EndRetraining } from './end-retraining';

/** An approval that was not given ends its retraining; a granted one does when the alias moves. */
@Injectable()
export class ApprovalDecidedConsumer extends EventConsumer<typeof ApprovalDecided> {
  readonly event = ApprovalDecided;

  constructor(private readonly retraining: EndRetraining) {
    super();
  }

  async handle({ payload }: IncomingEvent<typeof ApprovalDecided>, unit: UnitOfWork): Promise<HandlerResult> {
    if (payload.decision === 'granted') return handled.drop('The alias will say so.');
    await this.retraining.approvalEnded(unit, payload.requestId);
    return handled.ok;
  }
}
