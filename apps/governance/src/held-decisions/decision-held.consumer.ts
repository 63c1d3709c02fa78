import { Injectable } from '@nestjs/common';
import { DecisionHeld } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { newId } from '@steward/kernel';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { HeldDecisionRepository } from './held-decision.repository';

/** Inference has held decisions: they wait in the queue for a person. Inference has written the audit entry. */
@Injectable()
export class DecisionHeldConsumer extends EventConsumer<typeof DecisionHeld, GovernanceTables> {
  readonly event = DecisionHeld;

  constructor(private readonly decisions: HeldDecisionRepository) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof DecisionHeld>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    const { project, correlation, time: heldAt } = event;
    if (project === null) return handled.drop('A decision belongs to a project.');
    const { rows, ...shared } = event.payload;
    for (const { label: proposed, ...row } of rows)
      await this.decisions.add(unit, {
        ...shared,
        ...row,
        id: newId(Date.parse(heldAt)),
        project,
        proposed,
        heldAt,
        correlation,
        state: 'pending',
        label: null,
        decidedBy: null,
        decidedAt: null,
      });
    return handled.ok;
  }
}
