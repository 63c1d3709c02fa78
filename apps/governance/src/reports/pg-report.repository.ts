import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { IssuedReport } from './issued-report';
import type { ReportKind } from './report';
import { ReportRepository } from './report.repository';

@Injectable()
export class PgReportRepository extends ReportRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: UnitOfWork<GovernanceTables>, report: IssuedReport): Promise<void> {
    const { id, kind, scope, period, issuedBy, issuedAt, missing, files, manifest } = report;
    await unit.tx
      .insertInto('reports')
      .values({
        id,
        kind,
        ...scope,
        missing,
        issued_by: issuedBy,
        issued_at: issuedAt,
        period_from: period.from,
        period_to: period.to,
        files: JSON.stringify(files),
        manifest: JSON.stringify(manifest),
      })
      .execute();
  }

  async find(id: string): Promise<IssuedReport | null> {
    const row = await this.database.kysely
      .selectFrom('reports')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? issued(row) : null;
  }

  async list(page: {
    project: string | null | undefined;
    kind?: ReportKind | undefined;
    before: string | null;
    limit: number;
  }): Promise<IssuedReport[]> {
    let query = this.database.kysely.selectFrom('reports').selectAll();
    if (page.project === null) query = query.where('project', 'is', null);
    else if (page.project !== undefined) query = query.where('project', '=', page.project);
    if (page.kind !== undefined) query = query.where('kind', '=', page.kind);
    // Ids are UUIDs of version 7: later ones are larger.
    if (page.before !== null) query = query.where('id', '<', page.before);
    return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(issued);
  }
}

const issued = (row: Selectable<GovernanceTables['reports']>): IssuedReport => ({
  id: row.id,
  kind: row.kind as ReportKind,
  scope: { project: row.project, model: row.model, dataset: row.dataset },
  period: { from: row.period_from.toISOString(), to: row.period_to.toISOString() },
  issuedBy: row.issued_by,
  issuedAt: row.issued_at.toISOString(),
  missing: row.missing,
  files: row.files,
  manifest: row.manifest,
});
