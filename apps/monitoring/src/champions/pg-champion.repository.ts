import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { sql } from 'kysely';
import { tables } from '../monitoring-tables';
import { ChampionRepository, type Champion } from './champion.repository';

@Injectable()
export class PgChampionRepository extends ChampionRepository {
  async findAndHold(unit: UnitOfWork, project: string, model: string): Promise<Champion | null> {
    const row = await tables(unit)
      .selectFrom('champion')
      .selectAll()
      .where('project', '=', project)
      .where('model', '=', model)
      .forShare()
      .executeTakeFirst();
    return row ? { project, descriptor: row.descriptor, previous: row.previous } : null;
  }

  async replace(unit: UnitOfWork, { project, descriptor, previous }: Champion): Promise<boolean> {
    const values = { descriptor: JSON.stringify(descriptor), previous: JSON.stringify(previous) };
    const result = await tables(unit)
      .insertInto('champion')
      .values({ project, model: descriptor.model, ...values })
      .onConflict((conflict) =>
        conflict
          .columns(['project', 'model'])
          .doUpdateSet(values)
          .where(sql<number>`(champion.descriptor->>'version')::integer`, '<', descriptor.version),
      )
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }
}
