import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { sql } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { Acts, HeldRole } from './report-material';
import { ReviewRepository } from './review.repository';

/** Read off the canonical bytes, whose keys stand in order: a text in them cannot hold unescaped quotes. */
const DONE = sql<boolean>`position(convert_to('"outcome":"done","project":', 'UTF8') IN content) > 0`;

@Injectable()
export class PgReviewRepository extends ReviewRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async roles({ from, to }: { from: string; to: string }, project: string | null): Promise<HeldRole[]> {
    let query = this.database.kysely
      .selectFrom('role_grants')
      .innerJoin('principals', 'principals.id', 'role_grants.principal_id')
      .select(['principals.id as principal', 'principals.name', 'principals.kind', 'principals.state'])
      .select(['role_grants.role', 'role_grants.project', 'role_grants.granted_by as grantedBy'])
      .select(['role_grants.granted_at as grantedAt', 'role_grants.revoked_at as revokedAt'])
      .where('granted_at', '<', new Date(to))
      .where((where) =>
        where.or([where('revoked_at', 'is', null), where('revoked_at', '>=', new Date(from))]),
      );
    if (project !== null)
      query = query.where((where) =>
        where.or([where('role_grants.project', '=', project), where('role_grants.project', 'is', null)]),
      );
    const rows = await query.orderBy('principals.name').orderBy('role_grants.role').limit(10_000).execute();
    return rows.map(({ state, grantedAt, revokedAt, ...row }) => ({
      ...row,
      active: state === 'active',
      grantedAt: grantedAt.toISOString(),
      revokedAt: revokedAt?.toISOString() ?? null,
    }));
  }

  async acts({ from, to }: { from: string; to: string }, project: string | null): Promise<Acts[]> {
    let query = this.database.kysely
      .selectFrom('audit_entries')
      .select(['actor', 'project', 'action'])
      .select((select) => [select.fn.countAll<string>().as('times'), select.fn.max('time').as('last')])
      .where('time', '>=', new Date(from))
      .where('time', '<', new Date(to))
      .where(DONE);
    if (project !== null) query = query.where('project', '=', project);
    const rows = await query
      .groupBy(['actor', 'project', 'action'])
      .orderBy('actor')
      .orderBy('action')
      .limit(50_000)
      .execute();
    return rows.map((row) => ({ ...row, times: Number(row.times), last: row.last.toISOString() }));
  }
}
