import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Selectable } from 'kysely';
import type { TrainingTables } from '../training-tables';
import { ContractRepository } from './contract.repository';
import type { ContractCopy } from './dataset-copies';

@Injectable()
export class PgContractRepository extends ContractRepository {
  constructor(private readonly database: Database<TrainingTables>) {
    super();
  }

  async current(project: string, dataset: string): Promise<ContractCopy | null> {
    const row = await this.select(project, dataset).orderBy('version', 'desc').limit(1).executeTakeFirst();
    return row ? toCopy(row) : null;
  }

  async version(project: string, dataset: string, version: number): Promise<ContractCopy | null> {
    const row = await this.select(project, dataset).where('version', '=', version).executeTakeFirst();
    return row ? toCopy(row) : null;
  }

  async keep(unit: UnitOfWork<TrainingTables>, copy: ContractCopy): Promise<void> {
    await unit.tx
      .insertInto('contracts')
      .values({
        project: copy.project,
        dataset: copy.dataset,
        version: copy.version,
        digest: copy.digest,
        contract: JSON.stringify(copy.contract),
        changed_by: copy.changedBy,
        changed_at: copy.changedAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  private select(project: string, dataset: string) {
    return this.database.kysely
      .selectFrom('contracts')
      .selectAll()
      .where('project', '=', project)
      .where('dataset', '=', dataset);
  }
}

function toCopy(row: Selectable<TrainingTables['contracts']>): ContractCopy {
  return {
    project: row.project,
    dataset: row.dataset,
    version: row.version,
    digest: row.digest,
    contract: row.contract,
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
  };
}
