import { Injectable } from '@nestjs/common';
import { ModelVersionRegistered } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { KeepFacts } from './keep-facts';

/** What a model version was made of, what it reads, and how good it is. */
@Injectable()
export class ModelVersionRegisteredConsumer extends EventConsumer<
  typeof ModelVersionRegistered,
  GovernanceTables
> {
  readonly event = ModelVersionRegistered;

  constructor(private readonly facts: KeepFacts) {
    super();
  }

  handle(
    event: IncomingEvent<typeof ModelVersionRegistered>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    const { payload } = event;
    const { model: name, version } = payload.descriptor;
    return this.facts.keep(unit, event, { kind: 'model-version', name, version, facts: payload });
  }
}
