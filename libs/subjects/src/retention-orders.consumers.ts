import { Injectable } from '@nestjs/common';
import { RetentionHoldChanged, RetentionOrdered } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { RetentionTasks } from './retention-tasks';
import { RetentionWorker } from './retention-worker';
import { projectOf } from './subject-orders.consumers';

/** Governance has something counted or deleted that has outlived its time. */
@Injectable()
export class RetentionOrderedConsumer extends EventConsumer<typeof RetentionOrdered> {
  readonly event = RetentionOrdered;

  constructor(
    private readonly tasks: RetentionTasks,
    private readonly worker: RetentionWorker,
  ) {
    super();
  }

  async handle(event: IncomingEvent<typeof RetentionOrdered>, unit: UnitOfWork): Promise<HandlerResult> {
    const { actor, correlation, payload } = event;
    const { runId, mode, ordersDigest } = payload;
    await this.tasks.add(unit, { runId, mode, ordersDigest, project: projectOf(event), actor, correlation });
    unit.afterCommit(() => this.worker.wake());
    return handled.ok;
  }
}

/** A legal hold: from this commit on nothing under it is deleted by age here, or it is again. */
@Injectable()
export class RetentionHoldChangedConsumer extends EventConsumer<typeof RetentionHoldChanged> {
  readonly event = RetentionHoldChanged;

  constructor(private readonly tasks: RetentionTasks) {
    super();
  }

  async handle(event: IncomingEvent<typeof RetentionHoldChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { holdId: id, state, ...covers } = event.payload;
    if (state === 'lifted') await this.tasks.liftHold(unit, id);
    else await this.tasks.placeHold(unit, { id, project: projectOf(event), ...covers });
    return handled.ok;
  }
}
