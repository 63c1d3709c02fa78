import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { RolloutChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { TrainingTables } from '../training-tables';
import { WithdrawPromotion } from './withdraw-promotion';

/** A canary moved; that it went back concerns a promotion that is waited for. */
@Injectable()
export class RolloutChangedConsumer extends EventConsumer<typeof RolloutChanged, TrainingTables> {
  readonly event = RolloutChanged;

  constructor(private readonly promotions: WithdrawPromotion) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof RolloutChanged>,
    unit: UnitOfWork<TrainingTables>,
  ): Promise<HandlerResult> {
    const { project } = event;
    const { state, model, version } = event.payload;
    if (project === null || state !== 'rolled_back') return handled.drop('Nothing to withdraw.');
    await this.promotions.execute(unit, callerFromEvent(event), { project, model, version });
    return handled.ok;
  }
}
