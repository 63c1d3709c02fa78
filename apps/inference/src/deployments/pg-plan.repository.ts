import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import { tables, type InferenceTables } from './inference-tables';
import { PlanRepository, type PlanVersion } from './plan.repository';

@Injectable()
export class PgPlanRepository extends PlanRepository {
  constructor(private readonly database: Database<InferenceTables>) {
    super();
  }

  async all(): Promise<PlanVersion[]> {
    return (await this.database.kysely.selectFrom('deployment_plan').selectAll().execute()).map(planVersion);
  }

  async find(project: string, model: string, unit?: UnitOfWork): Promise<PlanVersion | null> {
    const row = await (unit ? tables(unit) : this.database.kysely)
      .selectFrom('deployment_plan')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .executeTakeFirst();
    return row ? planVersion(row) : null;
  }

  async save(unit: UnitOfWork, next: PlanVersion): Promise<void> {
    const values = {
      version: next.version,
      digest: next.digest,
      plan: JSON.stringify(next.plan),
      changed_by: next.changedBy,
      correlation: next.correlation,
      changed_at: new Date(next.changedAt),
    };
    await tables(unit)
      .insertInto('deployment_plan')
      .values({ project: next.project, model: next.model, ...values })
      .onConflict((conflict) => conflict.columns(['project', 'model']).doUpdateSet(values))
      .execute();
  }

  async lockModel(unit: UnitOfWork, project: string, model: string): Promise<void> {
    const name = `deployment ${project}/${model}`;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tables(unit));
  }
}

function planVersion(row: Selectable<InferenceTables['deployment_plan']>): PlanVersion {
  const { project, model, version, digest, plan, correlation } = row;
  return {
    project,
    model,
    version,
    digest,
    plan,
    correlation,
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
  };
}
