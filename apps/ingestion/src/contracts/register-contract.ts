import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { ContractRegistered } from '@steward/contracts';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { IngestionTables } from '../ingestion-tables';
import { contractDigest, parseContract } from './contract-document';
import { typeChanges } from './contract-rules';
import { ContractRepository, type ContractVersion } from './contract.repository';

/** Registers a dataset's contract. The same content as the current one changes nothing. */
@Injectable()
export class RegisterContract {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly contracts: ContractRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Throws INGESTION.CONTRACT_INVALID, INGESTION.CONTRACT_NAME (another dataset in the document),
   * INGESTION.CONTRACT_TYPE_CHANGED.
   */
  async execute(
    caller: Caller,
    project: string,
    dataset: string,
    document: unknown,
  ): Promise<{ version: ContractVersion; created: boolean }> {
    const contract = parseContract(document);
    if (contract.dataset !== dataset) {
      throw errors.invalid(
        'INGESTION.CONTRACT_NAME',
        `The contract is about dataset "${contract.dataset}", but it was sent for "${dataset}".`,
      );
    }
    const digest = contractDigest(contract);
    return this.database.transaction(async (unit) => {
      await this.contracts.lockOrCreateDataset(unit, project, dataset);
      const earlier = await this.contracts.all(project, dataset, unit);
      const current = earlier.at(-1);
      if (current?.digest === digest) return { version: current, created: false };
      const changes = typeChanges(
        earlier.map((each) => each.contract),
        contract,
      );
      if (changes.length > 0) {
        throw errors.conflict(
          'INGESTION.CONTRACT_TYPE_CHANGED',
          `${changes.join(' ')} Use a new column or dataset.`,
          {
            details: { changes },
          },
        );
      }
      const version = (current?.version ?? 0) + 1;
      const changedBy = caller.principal.id;
      await this.contracts.insert(unit, { project, dataset, version, digest, contract, changedBy });
      this.outbox.publish(unit, ContractRegistered, {
        subject: `${project}/${dataset}`,
        project,
        correlation: caller.correlation,
        actor: changedBy,
        payload: { dataset, contractVersion: version, contractDigest: digest, contract, changedBy },
      });
      this.audit.record(unit, caller, {
        action: 'contract.register',
        object: { kind: 'contract', id: `${dataset}/${version}` },
        project,
        details: { dataset, version, digest, columns: contract.columns.length },
      });
      const created = {
        project,
        dataset,
        version,
        digest,
        contract,
        changedBy,
        createdAt: new Date().toISOString(),
      };
      return { version: created, created: true };
    });
  }
}
