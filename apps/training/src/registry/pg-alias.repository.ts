import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { TrainingTables } from '../training-tables';
import type { Alias, AliasMove } from './model-version';
import { AliasRepository } from './model.repository';

type Unit = UnitOfWork<TrainingTables>;

@Injectable()
export class PgAliasRepository extends AliasRepository {
  constructor(private readonly database: Database<TrainingTables>) {
    super();
  }

  async current(project: string, model: string): Promise<Alias[]> {
    const rows = await this.database.kysely
      .selectFrom('aliases')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .orderBy('alias')
      .execute();
    return rows.map(toAlias);
  }

  async find(project: string, model: string, alias: string): Promise<Alias | null> {
    return await findOn(this.database.kysely, project, model, alias);
  }

  async history(project: string, model: string): Promise<AliasMove[]> {
    const rows = await this.database.kysely
      .selectFrom('alias_history')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      ...toAlias(row),
      previousVersion: row.previous_version,
      previousDigest: row.previous_digest,
      approvers: row.approvers,
    }));
  }

  async lock(unit: Unit, project: string, model: string, alias: string): Promise<Alias | null> {
    // An alias that points nowhere yet has no row that could be locked.
    const name = `alias ${project}/${model}@${alias}`;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(unit.tx);
    return await findOn(unit.tx, project, model, alias);
  }

  async move(unit: Unit, project: string, model: string, move: AliasMove): Promise<void> {
    const { alias, version, digest, requestId, movedAt } = move;
    const target = { version, digest, request_id: requestId, moved_at: movedAt };
    await unit.tx
      .insertInto('aliases')
      .values({ project, model, alias, ...target })
      .onConflict((conflict) => conflict.columns(['project', 'model', 'alias']).doUpdateSet(target))
      .execute();
    await unit.tx
      .insertInto('alias_history')
      .values({
        project,
        model,
        alias,
        ...target,
        previous_version: move.previousVersion,
        previous_digest: move.previousDigest,
        approvers: JSON.stringify(move.approvers),
      })
      .execute();
  }
}

async function findOn(
  on: Database<TrainingTables>['kysely'],
  project: string,
  model: string,
  alias: string,
): Promise<Alias | null> {
  const row = await on
    .selectFrom('aliases')
    .selectAll()
    .where('project', '=', project)
    .where('model', '=', model)
    .where('alias', '=', alias)
    .executeTakeFirst();
  return row ? toAlias(row) : null;
}

export function toAlias(
  row: Pick<
    Selectable<TrainingTables['aliases']>,
    'alias' | 'version' | 'digest' | 'request_id' | 'moved_at'
  >,
): Alias {
  return {
    alias: row.alias,
    version: row.version,
    digest: row.digest,
    requestId: row.request_id,
    movedAt: row.moved_at.toISOString(),
  };
}
