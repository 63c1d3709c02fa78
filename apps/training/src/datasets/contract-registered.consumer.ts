import { Injectable } from '@nestjs/common';
import { ContractRegistered } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { TrainingTables } from '../training-tables';
import { ContractRepository } from './contract.repository';

/** Keeps a copy of every contract version: what columns mean, and who changed them. */
@Injectable()
export class ContractRegisteredConsumer extends EventConsumer<typeof ContractRegistered, TrainingTables> {
  readonly event = ContractRegistered;

  constructor(private readonly contracts: ContractRepository) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof ContractRegistered>,
    unit: UnitOfWork<TrainingTables>,
  ): Promise<HandlerResult> {
    if (event.project === null) return handled.deadLetter('A contract belongs to a project.');
    const { dataset, contractVersion, contractDigest, contract, changedBy } = event.payload;
    await this.contracts.keep(unit, {
      project: event.project,
      dataset,
      version: contractVersion,
      digest: contractDigest,
      contract,
      changedBy,
      changedAt: event.time,
    });
    return handled.ok;
  }
}
