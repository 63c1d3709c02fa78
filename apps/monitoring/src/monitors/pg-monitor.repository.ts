import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Selectable } from 'kysely';
import { tables, type MonitoringTables } from '../monitoring-tables';
import { MonitorRepository, type Monitor } from './monitor.repository';

const MOST = 1_000;

@Injectable()
export class PgMonitorRepository extends MonitorRepository {
  constructor(private readonly database: Database<MonitoringTables>) {
    super();
  }

  async findForChange(unit: UnitOfWork, project: string, name: string): Promise<Monitor | null> {
    const row = await tables(unit)
      .selectFrom('monitor')
      .selectAll()
      .where('project', '=', project)
      .where('name', '=', name)
      .forUpdate()
      .executeTakeFirst();
    return row ? monitor(row) : null;
  }

  async findWithin(unit: UnitOfWork, project: string, name: string): Promise<Monitor | null> {
    const row = await tables(unit)
      .selectFrom('monitor')
      .selectAll()
      .where('project', '=', project)
      .where('name', '=', name)
      .executeTakeFirst();
    return row ? monitor(row) : null;
  }

  async save(
    unit: UnitOfWork,
    { project, name, version, digest, definition, changedBy }: Omit<Monitor, 'changedAt'>,
  ): Promise<void> {
    const values = {
      version,
      digest,
      model: definition.model,
      definition: JSON.stringify(definition),
      changed_by: changedBy,
      changed_at: new Date(),
    };
    await tables(unit)
      .insertInto('monitor')
      .values({ project, name, ...values })
      .onConflict((conflict) => conflict.columns(['project', 'name']).doUpdateSet(values))
      .execute();
  }

  async ofModel(unit: UnitOfWork, project: string, model: string): Promise<Monitor[]> {
    const rows = await tables(unit)
      .selectFrom('monitor')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .orderBy('name')
      .forUpdate()
      .execute();
    return rows.map(monitor);
  }

  async find(project: string, name: string): Promise<Monitor | null> {
    const row = await this.database.kysely
      .selectFrom('monitor')
      .selectAll()
      .where('project', '=', project)
      .where('name', '=', name)
      .executeTakeFirst();
    return row ? monitor(row) : null;
  }

  async list(project: string): Promise<Monitor[]> {
    const rows = await this.database.kysely
      .selectFrom('monitor')
      .selectAll()
      .where('project', '=', project)
      .orderBy('name')
      .limit(MOST)
      .execute();
    return rows.map(monitor);
  }
}

function monitor(row: Selectable<MonitoringTables['monitor']>): Monitor {
  return {
    project: row.project,
    name: row.name,
    version: row.version,
    digest: row.digest,
    definition: row.definition,
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
  };
}
