import { Injectable } from '@nestjs/common';
import { DatasetVersionCreated } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { KeepFacts } from './keep-facts';

/** How much a dataset holds. */
@Injectable()
export class DatasetVersionCreatedConsumer extends EventConsumer<
  typeof DatasetVersionCreated,
  GovernanceTables
> {
  readonly event = DatasetVersionCreated;

  constructor(private readonly facts: KeepFacts) {
    super();
  }

  handle(
    event: IncomingEvent<typeof DatasetVersionCreated>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    const { payload } = event;
    const { dataset: name, version } = payload;
    return this.facts.keep(unit, event, { kind: 'dataset-version', name, version, facts: payload });
  }
}
