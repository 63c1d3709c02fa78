import { Injectable } from '@nestjs/common';
import { ApiKeysUsed } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { ApiKeyRepository } from './identity.repository';

type Definition = (typeof ApiKeysUsed)[keyof typeof ApiKeysUsed];

/** When API keys were last used at one service. */
@Injectable()
export abstract class ApiKeysUsedConsumer extends EventConsumer<Definition, GovernanceTables> {
  constructor(private readonly keys: ApiKeyRepository) {
    super();
  }

  async handle(
    { payload }: IncomingEvent<Definition>,
    unit: UnitOfWork<GovernanceTables>,
  ): Promise<HandlerResult> {
    await this.keys.markUsed(unit, payload.keys);
    return handled.ok;
  }
}

@Injectable()
export class GovernanceApiKeysUsedConsumer extends ApiKeysUsedConsumer {
  readonly event = ApiKeysUsed.governance;
}

@Injectable()
export class IngestionApiKeysUsedConsumer extends ApiKeysUsedConsumer {
  readonly event = ApiKeysUsed.ingestion;
}

@Injectable()
export class TrainingApiKeysUsedConsumer extends ApiKeysUsedConsumer {
  readonly event = ApiKeysUsed.training;
}

@Injectable()
export class InferenceApiKeysUsedConsumer extends ApiKeysUsedConsumer {
  readonly event = ApiKeysUsed.inference;
}

@Injectable()
export class MonitoringApiKeysUsedConsumer extends ApiKeysUsedConsumer {
  readonly event = ApiKeysUsed.monitoring;
}

export const ApiKeysUsedConsumers = [
  GovernanceApiKeysUsedConsumer,
  IngestionApiKeysUsedConsumer,
  TrainingApiKeysUsedConsumer,
  InferenceApiKeysUsedConsumer,
  MonitoringApiKeysUsedConsumer,
] as const;
