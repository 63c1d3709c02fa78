import { Injectable } from '@nestjs/common';
import type { ModelDescriptor } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import type { Appearance, HeldModel, TrainedModelVersion } from '@steward/subjects';
import { sql } from 'kysely';
import type { TrainingTables } from '../training-tables';
import { ModelFlagRepository, type FlagReason, type ModelFlag } from './model-flag.repository';

const ALIASES = sql<string[]>`coalesce((SELECT array_agg(a.alias ORDER BY a.alias) FROM aliases a
  WHERE a.project = v.project AND a.model = v.model AND a.version = v.version), '{}')`;
const VERSION = sql`v.model, v.version, v.digest, v.descriptor ->> 'dataset' AS dataset,
  (v.descriptor ->> 'datasetVersion')::int AS "datasetVersion", ${ALIASES} AS aliases`;

@Injectable()
export class PgModelFlagRepository extends ModelFlagRepository {
  constructor(private readonly database: Database<TrainingTables>) {
    super();
  }

  async trainedOn(project: string, appearances: readonly Appearance[]): Promise<TrainedModelVersion[]> {
    const { rows } = await sql<TrainedModelVersion>`
      SELECT ${VERSION} FROM model_versions v
      JOIN jsonb_to_recordset(${JSON.stringify(appearances)}::jsonb) AS held (dataset text, "firstVersion" int)
        ON held.dataset = v.descriptor ->> 'dataset'
      WHERE v.project = ${project} AND (v.descriptor ->> 'datasetVersion')::int >= held."firstVersion"
      ORDER BY v.model, v.version`.execute(this.database.kysely);
    return rows;
  }

  async flag(
    unit: UnitOfWork,
    project: string,
    requestId: string,
    because: FlagReason,
    versions: readonly TrainedModelVersion[],
  ): Promise<void> {
    await sql`
      INSERT INTO model_flags (project, model, version, request_id, because)
      SELECT ${project}, given.model, given.version, ${requestId}, ${because}
      FROM jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) AS given (model text, version int)
      ON CONFLICT DO NOTHING`.execute(unit.tx);
  }

  async flagged(project: string, requestId: string): Promise<TrainedModelVersion[]> {
    const { rows } = await sql<TrainedModelVersion>`
      SELECT ${VERSION} FROM model_versions v
      JOIN model_flags f ON f.project = v.project AND f.model = v.model AND f.version = v.version
      WHERE f.project = ${project} AND f.request_id = ${requestId} ORDER BY v.model, v.version`.execute(
      this.database.kysely,
    );
    return rows;
  }

  async flagsOf(project: string, model: string): Promise<ModelFlag[]> {
    const { rows } = await sql<{ version: number; requestId: string; because: FlagReason; at: Date }>`
      SELECT version, request_id AS "requestId", because, flagged_at AS at FROM model_flags
      WHERE project = ${project} AND model = ${model} ORDER BY flagged_at, version`.execute(
      this.database.kysely,
    );
    return rows.map(({ at, ...flag }) => ({ ...flag, flaggedAt: at.toISOString() }));
  }

  async deciders(project: string): Promise<HeldModel[]> {
    const { rows } = await sql<{ learner: string; descriptor: ModelDescriptor; since: Date | null }>`
      SELECT v.learner, v.descriptor, min(h.moved_at) AS since FROM model_versions v
      JOIN alias_history h ON h.project = v.project AND h.model = v.model AND h.version = v.version
      WHERE v.project = ${project} GROUP BY v.learner, v.descriptor, v.model, v.version
      ORDER BY v.model, v.version`.execute(this.database.kysely);
    return rows.map(({ learner, descriptor, since }) => ({
      model: descriptor.model,
      version: descriptor.version,
      learner,
      inputs: descriptor.inputs.map(({ name }) => name).join(', '),
      decisionThreshold: descriptor.decisionThreshold,
      positive: descriptor.classes[1] ?? '',
      negative: descriptor.classes[0] ?? '',
      favourable: descriptor.favourable,
      dataset: descriptor.dataset,
      datasetVersion: descriptor.datasetVersion,
      servedSince: since?.toISOString() ?? null,
    }));
  }
}
