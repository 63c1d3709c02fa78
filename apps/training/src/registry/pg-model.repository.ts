import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Selectable } from 'kysely';
import type { TrainingTables } from '../training-tables';
import { modelNotFound, type ModelVersion } from './model-version';
import { ModelRepository, type ModelSummary } from './model.repository';
import { toAlias } from './pg-alias.repository';

type Unit = UnitOfWork<TrainingTables>;

@Injectable()
export class PgModelRepository extends ModelRepository {
  constructor(private readonly database: Database<TrainingTables>) {
    super();
  }

  async list(project: string, page: { limit: number; after: string | null }): Promise<ModelSummary[]> {
    const newest = await this.database.kysely
      .selectFrom('models')
      .innerJoin('model_versions', (join) =>
        join
          .onRef('model_versions.project', '=', 'models.project')
          .onRef('model_versions.model', '=', 'models.model')
          .onRef('model_versions.version', '=', 'models.last_version'),
      )
      .selectAll('model_versions')
      .where('models.project', '=', project)
      .where('models.model', '>', page.after ?? '')
      .orderBy('models.model')
      .limit(page.limit)
      .execute();
    if (newest.length === 0) return [];
    const aliases = await this.database.kysely
      .selectFrom('aliases')
      .selectAll()
      .where('project', '=', project)
      .where(
        'model',
        'in',
        newest.map((row) => row.model),
      )
      .execute();
    return newest.map((row) => ({
      model: row.model,
      versions: row.version,
      newest: toVersion(row),
      aliases: aliases.filter((alias) => alias.model === row.model).map(toAlias),
    }));
  }

  async versions(
    project: string,
    model: string,
    page: { limit: number; before: number | null },
  ): Promise<ModelVersion[]> {
    let query = this.select(project, model).orderBy('version', 'desc').limit(page.limit);
    if (page.before !== null) query = query.where('version', '<', page.before);
    return (await query.execute()).map(toVersion);
  }

  async find(project: string, model: string, version: number): Promise<ModelVersion | null> {
    const row = await this.select(project, model).where('version', '=', version).executeTakeFirst();
    return row ? toVersion(row) : null;
  }

  async require(project: string, model: string, version: number, unit?: Unit): Promise<ModelVersion> {
    const row = await this.select(project, model, unit?.tx).where('version', '=', version).executeTakeFirst();
    if (!row) throw modelNotFound(model, version);
    return toVersion(row);
  }

  async findByRun(unit: Unit, runId: string): Promise<ModelVersion | null> {
    const row = await unit.tx
      .selectFrom('model_versions')
      .selectAll()
      .where('run_id', '=', runId)
      .executeTakeFirst();
    return row ? toVersion(row) : null;
  }

  async nextVersion(unit: Unit, project: string, model: string): Promise<number> {
    const row = await unit.tx
      .insertInto('models')
      .values({ project, model, last_version: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(['project', 'model'])
          .doUpdateSet((columns) => ({ last_version: columns('models.last_version', '+', 1) })),
      )
      .returning('last_version')
      .executeTakeFirstOrThrow();
    return row.last_version;
  }

  async add(unit: Unit, version: ModelVersion): Promise<void> {
    await unit.tx
      .insertInto('model_versions')
      .values({
        project: version.project,
        model: version.model,
        version: version.version,
        digest: version.digest,
        run_id: version.runId,
        learner: version.learner,
        descriptor: JSON.stringify(version.descriptor),
        metrics: JSON.stringify(version.metrics),
        model_file: version.modelFile,
        last_batch: version.lastBatch,
        registered_at: version.registeredAt,
      })
      .execute();
  }

  private select(
    project: string,
    model: string,
    on: Database<TrainingTables>['kysely'] = this.database.kysely,
  ) {
    return on
      .selectFrom('model_versions')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model);
  }
}

function toVersion(row: Selectable<TrainingTables['model_versions']>): ModelVersion {
  return {
    project: row.project,
    model: row.model,
    version: row.version,
    digest: row.digest,
    runId: row.run_id,
    learner: row.learner,
    descriptor: row.descriptor,
    metrics: row.metrics,
    modelFile: row.model_file,
    lastBatch: row.last_batch,
    registeredAt: row.registered_at.toISOString(),
  };
}
