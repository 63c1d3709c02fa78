import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Selectable } from 'kysely';
import type { TrainingTables } from '../training-tables';
import type { Run, RunProgress, RunState } from './run';
import { RunRepository, type RunChange } from './run.repository';

type Unit = UnitOfWork<TrainingTables>;

@Injectable()
export class PgRunRepository extends RunRepository {
  constructor(private readonly database: Database<TrainingTables>) {
    super();
  }

  async add(unit: Unit, run: Run): Promise<void> {
    await unit.tx
      .insertInto('runs')
      .values({
        id: run.id,
        project: run.project,
        pipeline: run.pipeline,
        pipeline_version: run.pipelineVersion,
        pipeline_digest: run.pipelineDigest,
        model: run.model,
        dataset: run.dataset,
        dataset_version: run.datasetVersion,
        dataset_digest: run.datasetDigest,
        state: run.state,
        trigger: run.trigger,
        retrain_id: run.retrainId,
        started_by: run.startedBy,
        correlation: run.correlation,
        created_at: run.createdAt,
      })
      .execute();
  }

  async find(project: string, id: string): Promise<Run | null> {
    const row = await this.database.kysely
      .selectFrom('runs')
      .selectAll()
      .where('project', '=', project)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toRun(row) : null;
  }

  async list(
    project: string,
    page: { limit: number; after: string | null; pipeline: string | null },
  ): Promise<Run[]> {
    let query = this.database.kysely
      .selectFrom('runs')
      .selectAll()
      .where('project', '=', project)
      .orderBy('id', 'desc')
      .limit(page.limit);
    if (page.after !== null) query = query.where('id', '<', page.after);
    if (page.pipeline !== null) query = query.where('pipeline', '=', page.pipeline);
    return (await query.execute()).map(toRun);
  }

  async lock(unit: Unit, id: string): Promise<Run | null> {
    const row = await unit.tx
      .selectFrom('runs')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toRun(row) : null;
  }

  async change(unit: Unit, id: string, change: RunChange): Promise<void> {
    await unit.tx.updateTable('runs').set(toColumns(change)).where('id', '=', id).execute();
  }

  async report(id: string, attempt: number, progress: RunProgress | null): Promise<boolean> {
    const updated = await this.database.kysely
      .updateTable('runs')
      .set(progress === null ? { attempt } : { progress: JSON.stringify(progress) })
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('state', '=', 'running')
      .executeTakeFirst();
    return updated.numUpdatedRows > 0n;
  }

  async countByState(): Promise<ReadonlyMap<RunState, number>> {
    const rows = await this.database.kysely
      .selectFrom('runs')
      .select((columns) => ['state', columns.fn.countAll<string>().as('runs')])
      .groupBy('state')
      .execute();
    return new Map(rows.map((row) => [row.state, Number(row.runs)]));
  }
}

function toColumns(change: RunChange) {
  return {
    ...(change.state !== undefined && { state: change.state }),
    ...(change.attempt !== undefined && { attempt: change.attempt }),
    ...(change.progress !== undefined && { progress: jsonOrNull(change.progress) }),
    ...(change.result !== undefined && { result: jsonOrNull(change.result) }),
    ...(change.failure !== undefined && { failure: change.failure }),
    ...(change.failureMessage !== undefined && { failure_message: change.failureMessage }),
    ...(change.startedAt !== undefined && { started_at: change.startedAt }),
    ...(change.finishedAt !== undefined && { finished_at: change.finishedAt }),
  };
}

const jsonOrNull = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

function toRun(row: Selectable<TrainingTables['runs']>): Run {
  return {
    id: row.id,
    project: row.project,
    pipeline: row.pipeline,
    pipelineVersion: row.pipeline_version,
    pipelineDigest: row.pipeline_digest,
    model: row.model,
    dataset: row.dataset,
    datasetVersion: row.dataset_version,
    datasetDigest: row.dataset_digest,
    state: row.state,
    trigger: row.trigger,
    retrainId: row.retrain_id,
    startedBy: row.started_by,
    correlation: row.correlation,
    attempt: row.attempt,
    progress: row.progress,
    result: row.result,
    failure: row.failure,
    failureMessage: row.failure_message,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
