import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type RawBuilder } from 'kysely';
import { OldRowRepository, type FoundRows, type OldRows, type OldStore } from './old-row.repository';

@Injectable()
export class PgOldRowRepository extends OldRowRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async count(store: OldStore, of: OldRows): Promise<FoundRows> {
    const { rows } = await sql<FoundRows>`
      SELECT count(*)::int AS items, min(old.at) AS oldest FROM (${oldRows(store, of)}) old`.execute(
      this.database.kysely,
    );
    return rows[0]!;
  }

  async delete(unit: UnitOfWork, store: OldStore, of: OldRows, limit: number): Promise<FoundRows> {
    const { rows } = await sql<FoundRows>`
      WITH old AS (${oldRows(store, of)} LIMIT ${limit}),
        gone AS (DELETE FROM ${sql.table(store)} row USING old WHERE row.ctid = old.place RETURNING old.at)
      SELECT count(*)::int AS items, min(at) AS oldest FROM gone`.execute(unit.tx);
    return rows[0]!;
  }
}

/** Where the old rows of a store lie, and when they came. */
function oldRows(store: OldStore, { project, before }: OldRows): RawBuilder<unknown> {
  switch (store) {
    case 'window_row':
      return sql`SELECT r.ctid AS place, w.opened_at AS at FROM window_row r JOIN observation_window w ON w.id = r.window_id
        WHERE w.project = ${project} AND w.state = 'judged' AND w.opened_at < ${before}::timestamptz`;
    case 'early_outcome':
      return sql`SELECT ctid AS place, received_at AS at FROM early_outcome
        WHERE project = ${project} AND received_at < ${before}::timestamptz`;
    case 'held_decision':
      return sql`SELECT ctid AS place, held_at AS at FROM held_decision
        WHERE project = ${project} AND held_at < ${before}::timestamptz AND state <> 'pending'`;
  }
}
