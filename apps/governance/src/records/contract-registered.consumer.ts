import { Injectable } from '@nestjs/common';
import { ContractRegistered } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { KeepFacts } from './keep-facts';

/** What columns a dataset has, and of which class: the categories of data in the record. */
@Injectable()
export class ContractRegisteredConsumer extends EventConsumer<typeof ContractRegistered, GovernanceTables> {
  readonly event = ContractRegistered;

  constructor(private readonly facts: KeepFacts) {
    super();
  }

  handle(
    event: IncomingEvent<typeof ContractRegistered>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    const { payload } = event;
    const { dataset: name, contractVersion: version } = payload;
    return this.facts.keep(unit, event, { kind: 'contract', name, version, facts: payload });
  }
}
