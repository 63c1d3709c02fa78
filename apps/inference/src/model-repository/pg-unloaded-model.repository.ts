import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Generated, Transaction } from 'kysely';
import { UnloadedModelRepository, type UnloadedModel } from './unloaded-model.repository';

interface Tables {
  unloaded_model: { project: string; model: string; actor: string; unloaded_at: Generated<Date> };
}

@Injectable()
export class PgUnloadedModelRepository extends UnloadedModelRepository {
  constructor(private readonly database: Database<Tables>) {
    super();
  }

  all(): Promise<UnloadedModel[]> {
    return this.database.kysely.selectFrom('unloaded_model').select(['project', 'model']).execute();
  }

  async add(unit: UnitOfWork, { project, model }: UnloadedModel, actor: string): Promise<boolean> {
    const { numInsertedOrUpdatedRows = 0n } = await tables(unit)
      .insertInto('unloaded_model')
      .values({ project, model, actor })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows > 0n;
  }

  async remove(unit: UnitOfWork, { project, model }: UnloadedModel): Promise<boolean> {
    const { numDeletedRows } = await tables(unit)
      .deleteFrom('unloaded_model')
      .where('project', '=', project)
      .where('model', '=', model)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}

const tables = (unit: UnitOfWork): Transaction<Tables> => unit.tx as Transaction<Tables>;
