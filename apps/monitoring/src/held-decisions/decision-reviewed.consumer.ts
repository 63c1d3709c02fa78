import { Injectable } from '@nestjs/common';
import { DecisionReviewed } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { HeldDecisionRepository } from './held-decision.repository';

/** A person decided what was held, or the subject contested it. */
@Injectable()
export class DecisionReviewedConsumer extends EventConsumer<typeof DecisionReviewed> {
  readonly event = DecisionReviewed;

  constructor(private readonly decisions: HeldDecisionRepository) {
    super();
  }

  async handle(event: IncomingEvent<typeof DecisionReviewed>, unit: UnitOfWork): Promise<HandlerResult> {
    const { project, time: heldAt } = event;
    if (project === null) return handled.drop('A decision belongs to a project.');
    const { predictionId, row, model, state } = event.payload;
    await this.decisions.review(unit, { project, predictionId, row, model, state, heldAt });
    return handled.ok;
  }
}
