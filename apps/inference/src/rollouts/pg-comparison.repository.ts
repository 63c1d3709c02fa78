import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql } from 'kysely';
import { tables, type InferenceTables } from '../deployments/inference-tables';
import { ComparisonRepository, type CountedBy } from './comparison.repository';

const KEPT_DAYS = 90;

@Injectable()
export class PgComparisonRepository extends ComparisonRepository {
  constructor(private readonly database: Database<InferenceTables>) {
    super();
  }

  async put(source: string, counts: ReadonlyMap<string, unknown>): Promise<void> {
    if (counts.size > 0) await write(this.database.kysely, source, counts);
  }

  async putWithin(unit: UnitOfWork, source: string, key: string, counts: unknown): Promise<void> {
    await write(tables(unit), source, new Map([[key, counts]]));
  }

  of(key: string, unit?: UnitOfWork): Promise<CountedBy[]> {
    return (unit ? tables(unit) : this.database.kysely)
      .selectFrom('comparison_count')
      .select(['source', 'counts'])
      .where('key', '=', key)
      .execute();
  }

  async prune(): Promise<void> {
    await this.database.kysely
      .deleteFrom('comparison_count')
      .where('counted_at', '<', sql<Date>`now() - make_interval(days => ${KEPT_DAYS}::int)`)
      .execute();
  }
}

async function write(
  on: Database<InferenceTables>['kysely'],
  source: string,
  counts: ReadonlyMap<string, unknown>,
): Promise<void> {
  await on
    .insertInto('comparison_count')
    .values([...counts].map(([key, count]) => ({ key, source, counts: JSON.stringify(count) })))
    .onConflict((conflict) =>
      conflict.columns(['key', 'source']).doUpdateSet((columns) => ({
        counts: columns.ref('excluded.counts'),
        counted_at: sql<Date>`now()`,
      })),
    )
    .execute();
}
