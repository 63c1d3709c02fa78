import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Selectable } from 'kysely';
import type { TrainingTables } from '../training-tables';
import type { Pipeline } from './pipeline';
import { PipelineRepository } from './pipeline.repository';

@Injectable()
export class PgPipelineRepository extends PipelineRepository {
  constructor(private readonly database: Database<TrainingTables>) {
    super();
  }

  async current(project: string, pipeline: string): Promise<Pipeline | null> {
    return await newest(this.database.kysely, project, pipeline);
  }

  async version(project: string, pipeline: string, version: number): Promise<Pipeline | null> {
    const row = await this.database.kysely
      .selectFrom('pipelines')
      .selectAll()
      .where('project', '=', project)
      .where('pipeline', '=', pipeline)
      .where('version', '=', version)
      .executeTakeFirst();
    return row ? toPipeline(row) : null;
  }

  async list(project: string, page: { limit: number; after: string | null }): Promise<Pipeline[]> {
    const rows = await this.database.kysely
      .selectFrom('pipelines')
      .selectAll()
      .distinctOn('pipeline')
      .where('project', '=', project)
      .where('pipeline', '>', page.after ?? '')
      .orderBy('pipeline')
      .orderBy('version', 'desc')
      .limit(page.limit)
      .execute();
    return rows.map(toPipeline);
  }

  async lockCurrent(
    unit: UnitOfWork<TrainingTables>,
    project: string,
    pipeline: string,
  ): Promise<Pipeline | null> {
    // The first version has no row yet that could be locked.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`pipeline ${project}/${pipeline}`}, 0))`.execute(
      unit.tx,
    );
    return await newest(unit.tx, project, pipeline);
  }

  async add(unit: UnitOfWork<TrainingTables>, pipeline: Pipeline): Promise<void> {
    await unit.tx
      .insertInto('pipelines')
      .values({
        project: pipeline.project,
        pipeline: pipeline.pipeline,
        version: pipeline.version,
        digest: pipeline.digest,
        definition: JSON.stringify(pipeline.definition),
        changed_by: pipeline.changedBy,
        changed_at: pipeline.changedAt,
      })
      .execute();
  }
}

async function newest(
  on: Database<TrainingTables>['kysely'],
  project: string,
  pipeline: string,
): Promise<Pipeline | null> {
  const row = await on
    .selectFrom('pipelines')
    .selectAll()
    .where('project', '=', project)
    .where('pipeline', '=', pipeline)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? toPipeline(row) : null;
}

function toPipeline(row: Selectable<TrainingTables['pipelines']>): Pipeline {
  return {
    project: row.project,
    pipeline: row.pipeline,
    version: row.version,
    digest: row.digest,
    definition: row.definition,
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
  };
}
