import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { ModelDescriptor } from '@steward/contracts';
import { sql, type ColumnType, type Selectable, type Transaction } from 'kysely';
import { DeploymentRepository, type Deployment } from './deployment.repository';

interface DeploymentTable {
  project: string;
  model: string;
  alias: string;
  descriptor: ColumnType<ModelDescriptor, string, string>;
  state: Deployment['state'];
  failure: string | null;
  last_served: ColumnType<ModelDescriptor | null, string | null | undefined, string>;
  actor: string;
  correlation: string;
  changed_at: ColumnType<Date, never, Date>;
}

interface InferenceTables {
  deployment: DeploymentTable;
}

@Injectable()
export class PgDeploymentRepository extends DeploymentRepository {
  constructor(private readonly database: Database<InferenceTables>) {
    super();
  }

  async all(): Promise<Deployment[]> {
    return (await this.database.kysely.selectFrom('deployment').selectAll().execute()).map(deployment);
  }

  async ofProject(project: string): Promise<Deployment[]> {
    const rows = await this.database.kysely
      .selectFrom('deployment')
      .selectAll()
      .where('project', '=', project)
      .orderBy('model')
      .limit(1000)
      .execute();
    return rows.map(deployment);
  }

  async replace(
    unit: UnitOfWork,
    next: Pick<Deployment, 'project' | 'alias' | 'descriptor' | 'actor' | 'correlation'>,
  ): Promise<void> {
    const values = {
      descriptor: JSON.stringify(next.descriptor),
      state: 'loading' as const,
      failure: null,
      actor: next.actor,
      correlation: next.correlation,
    };
    await tables(unit)
      .insertInto('deployment')
      .values({ project: next.project, model: next.descriptor.model, alias: next.alias, ...values })
      .onConflict((conflict) =>
        conflict.columns(['project', 'model', 'alias']).doUpdateSet({ ...values, changed_at: new Date() }),
      )
      .execute();
  }

  async setState(
    unit: UnitOfWork,
    of: Deployment,
    state: 'serving' | 'refused',
    failure: string | null,
  ): Promise<boolean> {
    const result = await tables(unit)
      .updateTable('deployment')
      .set({
        state,
        failure,
        ...(state === 'serving' ? { last_served: JSON.stringify(of.descriptor) } : {}),
      })
      .where('project', '=', of.project)
      .where('model', '=', of.descriptor.model)
      .where('alias', '=', of.alias)
      .where(sql<string>`descriptor->>'digest'`, '=', of.descriptor.digest)
      .where('state', '<>', state)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }
}

const tables = (unit: UnitOfWork): Transaction<InferenceTables> => unit.tx as Transaction<InferenceTables>;

function deployment(row: Selectable<DeploymentTable>): Deployment {
  return {
    project: row.project,
    alias: row.alias,
    descriptor: row.descriptor,
    state: row.state,
    failure: row.failure,
    lastServed: row.last_served,
    actor: row.actor,
    correlation: row.correlation,
    changedAt: row.changed_at.toISOString(),
  };
}
