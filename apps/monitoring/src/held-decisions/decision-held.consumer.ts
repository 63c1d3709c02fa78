import { Injectable } from '@nestjs/common';
import { DecisionHeld } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { HeldDecisionRepository } from './held-decision.repository';

/** Inference has held decisions: they are counted by group. */
@Injectable()
export class DecisionHeldConsumer extends EventConsumer<typeof DecisionHeld> {
  readonly event = DecisionHeld;

  constructor(private readonly decisions: HeldDecisionRepository) {
    super();
  }

  async handle(event: IncomingEvent<typeof DecisionHeld>, unit: UnitOfWork): Promise<HandlerResult> {
    const { project, time: heldAt } = event;
    if (project === null) return handled.drop('A decision belongs to a project.');
    const { predictionId, model, rows } = event.payload;
    const shared = { project, predictionId, model, state: 'pending' as const, heldAt };
    await this.decisions.hold(
      unit,
      rows.map(({ row }) => ({ ...shared, row })),
    );
    return handled.ok;
  }
}
