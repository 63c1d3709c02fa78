import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { sql } from 'kysely';
import type { InferenceTables } from '../deployments/inference-tables';
import { RowQuotaRepository, type HourRows } from './row-quota.repository';

/** Rows of one statement. */
const PART = 1_000;

@Injectable()
export class PgRowQuotaRepository extends RowQuotaRepository {
  constructor(private readonly database: Database<InferenceTables>) {
    super();
  }

  async add(rows: readonly HourRows[]): Promise<HourRows[]> {
    if (rows.length === 0) return [];
    return await this.database.kysely.transaction().execute(async (tx) => {
      const totals: HourRows[] = [];
      // Every process writes in the order of the key, so that no two wait for each other.
      for (let from = 0; from < rows.length; from += PART) {
        const written = await tx
          .insertInto('row_quota')
          .values(rows.slice(from, from + PART).map((row) => ({ ...row, rows: String(row.rows) })))
          .onConflict((conflict) =>
            conflict.columns(['scope', 'hour']).doUpdateSet((columns) => ({
              rows: sql<string>`row_quota.rows + ${columns.ref('excluded.rows')}`,
              changed_at: sql<Date>`now()`,
            })),
          )
          .returning(['scope', 'hour', 'rows'])
          .execute();
        totals.push(...written.map(read));
      }
      return totals;
    });
  }

  async changed(fromHour: number, withinMs: number | null): Promise<HourRows[]> {
    let query = this.database.kysely
      .selectFrom('row_quota')
      .select(['scope', 'hour', 'rows'])
      .where('hour', '>=', fromHour);
    if (withinMs !== null)
      query = query.where(
        'changed_at',
        '>',
        sql<Date>`now() - make_interval(secs => ${withinMs / 1_000}::float8)`,
      );
    return (await query.execute()).map(read);
  }

  async prune(beforeHour: number): Promise<void> {
    await this.database.kysely.deleteFrom('row_quota').where('hour', '<', beforeHour).execute();
  }
}

const read = ({ scope, hour, rows }: { scope: string; hour: number; rows: string }): HourRows => ({
  scope,
  hour,
  rows: Number(rows),
});
