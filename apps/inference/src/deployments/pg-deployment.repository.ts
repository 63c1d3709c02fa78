import { Injectable } from '@nestjs/common';
import type { ModelDescriptor } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import { DeploymentRepository, type ApprovedVersion, type Deployment } from './deployment.repository';
import { tables, type InferenceTables } from './inference-tables';

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
      .orderBy(sql`alias <> 'champion'`)
      .orderBy('alias')
      .limit(1000)
      .execute();
    return rows.map(deployment);
  }

  async ofModel(unit: UnitOfWork, project: string, model: string): Promise<Deployment[]> {
    const rows = await tables(unit)
      .selectFrom('deployment')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .execute();
    return rows.map(deployment);
  }

  async replace(
    unit: UnitOfWork,
    next: Pick<Deployment, 'project' | 'alias' | 'descriptor' | 'actor' | 'correlation'>,
  ): Promise<void> {
    const values = {
      descriptor: JSON.stringify(next.descriptor),
      state: next.alias === 'champion' ? ('loading' as const) : ('idle' as const),
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
    state: 'serving' | 'refused' | 'idle',
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

  async approve(
    unit: UnitOfWork,
    project: string,
    { descriptor, mayAnswer }: ApprovedVersion,
  ): Promise<void> {
    const { model, version, digest } = descriptor;
    await tables(unit)
      .insertInto('approved_version')
      .values({
        project,
        model,
        version,
        digest,
        descriptor: JSON.stringify(descriptor),
        may_answer: mayAnswer,
      })
      .onConflict((conflict) =>
        conflict.columns(['project', 'model', 'version']).doUpdateSet((columns) => ({
          may_answer: sql<boolean>`${columns.ref('approved_version.may_answer')} OR ${columns.ref('excluded.may_answer')}`,
        })),
      )
      .execute();
  }

  async approved(project: string, model: string): Promise<ApprovedVersion[]> {
    const rows = await this.database.kysely
      .selectFrom('approved_version')
      .select(['descriptor', 'may_answer'])
      .where('project', '=', project)
      .where('model', '=', model)
      .orderBy('version', 'desc')
      .limit(200)
      .execute();
    return rows.map(({ descriptor, may_answer: mayAnswer }) => ({ descriptor, mayAnswer }));
  }

  async approvedByDigest(project: string, model: string, digest: string): Promise<ModelDescriptor | null> {
    const row = await this.database.kysely
      .selectFrom('approved_version')
      .select('descriptor')
      .where('project', '=', project)
      .where('model', '=', model)
      .where('digest', '=', digest)
      .orderBy('version', 'desc')
      .executeTakeFirst();
    return row?.descriptor ?? null;
  }
}

function deployment(row: Selectable<InferenceTables['deployment']>): Deployment {
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
