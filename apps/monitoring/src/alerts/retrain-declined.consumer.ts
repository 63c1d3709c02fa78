import { Injectable } from '@nestjs/common';
import { RetrainDeclined } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { EndRetraining } from './end-retraining';

/** Training will not train for this request. */
@Injectable()
export class RetrainDeclinedConsumer extends EventConsumer<typeof RetrainDeclined> {
  readonly event = RetrainDeclined;

  constructor(private readonly retraining: EndRetraining) {
    super();
  }

  async handle({ payload }: IncomingEvent<typeof RetrainDeclined>, unit: UnitOfWork): Promise<HandlerResult> {
    await this.retraining.failed(unit, payload.retrainId);
    return handled.ok;
  }
}
