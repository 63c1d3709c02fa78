import { Injectable } from '@nestjs/common';
import { RolloutObserved } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { ComparisonRepository } from './comparison.repository';
import { MONITORING } from './judge-rollouts';
import { evidenceKey } from './rollout';

/** Monitoring counted outcomes and groups: totals, so the newest replaces the one before. */
@Injectable()
export class RolloutObservedConsumer extends EventConsumer<typeof RolloutObserved> {
  readonly event = RolloutObserved;

  constructor(private readonly comparisons: ComparisonRepository) {
    super();
  }

  async handle(event: IncomingEvent<typeof RolloutObserved>, unit: UnitOfWork): Promise<HandlerResult> {
    const { rolloutId, step, canary, champion, groups } = event.payload;
    const key = evidenceKey({ id: rolloutId, step });
    await this.comparisons.putWithin(unit, MONITORING, key, { canary, champion, groups });
    return handled.ok;
  }
}
