import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Kysely } from 'kysely';
import type { IngestionTables } from '../ingestion-tables';
import { RectificationRepository, type Rectification } from './rectification.repository';

const on = (unit: UnitOfWork): Kysely<IngestionTables> => unit.tx as Kysely<IngestionTables>;

@Injectable()
export class PgRectificationRepository extends RectificationRepository {
  constructor(private readonly database: Database<IngestionTables>) {
    super();
  }

  async note({ requestId, project, dataset, pseudonym }: Rectification): Promise<boolean> {
    await this.database.kysely
      .insertInto('rectifications')
      .values({ request_id: requestId, project, dataset, pseudonym })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await this.database.kysely
      .selectFrom('rectifications')
      .selectAll()
      .where('request_id', '=', requestId)
      .executeTakeFirst();
    return row?.project === project && row.dataset === dataset && row.pseudonym === pseudonym;
  }

  async subjectOf(unit: UnitOfWork, requestId: string): Promise<string | null> {
    const row = await on(unit)
      .selectFrom('rectifications')
      .select('pseudonym')
      .where('request_id', '=', requestId)
      .executeTakeFirst();
    return row?.pseudonym ?? null;
  }

  async forget(unit: UnitOfWork, project: string, pseudonym: string): Promise<number> {
    const result = await on(unit)
      .deleteFrom('rectifications')
      .where('project', '=', project)
      .where('pseudonym', '=', pseudonym)
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
