import { Injectable } from '@nestjs/common';
import { BreachExposed } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { BreachRepository } from './breach.repository';

/** Ingestion has found what a breach may have exposed. It has written the audit entry. */
@Injectable()
export class BreachExposedConsumer extends EventConsumer<typeof BreachExposed, GovernanceTables> {
  readonly event = BreachExposed;

  constructor(private readonly breaches: BreachRepository) {
    super();
  }

  async handle(
    { payload: { breachId, ...exposure } }: IncomingEvent<typeof BreachExposed>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    if (!(await this.breaches.lock(unit, breachId))) return handled.drop('No breach has this id.');
    await this.breaches.expose(unit, breachId, exposure);
    return handled.ok;
  }
}
