import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { ImpactAssessment } from './impact-assessment';
import { ImpactAssessmentRepository } from './impact-assessment.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgImpactAssessmentRepository extends ImpactAssessmentRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async lock(unit: Unit, project: string, model: string): Promise<void> {
    const name = `assessment ${project}/${model}`;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(unit.tx);
  }

  async versions(project: string, model: string, unit?: Unit): Promise<ImpactAssessment[]> {
    const on: Kysely<GovernanceTables> = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('impact_assessments')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .orderBy('version', 'desc')
      .execute();
    return rows.map(toAssessment);
  }

  async newest(project: string): Promise<ImpactAssessment[]> {
    const rows = await this.database.kysely
      .selectFrom('impact_assessments')
      .selectAll()
      .distinctOn('model')
      .where('project', '=', project)
      .orderBy('model')
      .orderBy('version', 'desc')
      .execute();
    return rows.map(toAssessment);
  }

  async add(unit: Unit, assessment: ImpactAssessment): Promise<void> {
    const { project, model, version, body, generated, scopeDigest, writtenBy, writtenAt } = assessment;
    await unit.tx
      .insertInto('impact_assessments')
      .values({
        project,
        model,
        version,
        body: JSON.stringify(body),
        generated: JSON.stringify(generated),
        scope_digest: scopeDigest,
        written_by: writtenBy,
        written_at: writtenAt,
        signed_by: null,
        signed_at: null,
      })
      .execute();
  }

  async sign(
    unit: Unit,
    { project, model, version }: ImpactAssessment,
    by: string,
    at: string,
  ): Promise<void> {
    await unit.tx
      .updateTable('impact_assessments')
      .set({ signed_by: by, signed_at: at })
      .where('project', '=', project)
      .where('model', '=', model)
      .where('version', '=', version)
      .execute();
  }

  async figures(
    project: string,
    model: string,
    version: number,
  ): Promise<Readonly<Record<string, number | null>> | null> {
    const row = await this.database.kysely
      .selectFrom('approval_requests')
      .select('request')
      .where('project', '=', project)
      .where('model', '=', model)
      .where('version', '=', version)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.request.figures ?? null;
  }
}

function toAssessment(row: Selectable<GovernanceTables['impact_assessments']>): ImpactAssessment {
  return {
    project: row.project,
    model: row.model,
    version: row.version,
    body: row.body,
    generated: row.generated,
    scopeDigest: row.scope_digest,
    writtenBy: row.written_by,
    writtenAt: row.written_at.toISOString(),
    signedBy: row.signed_by,
    signedAt: row.signed_at?.toISOString() ?? null,
  };
}
