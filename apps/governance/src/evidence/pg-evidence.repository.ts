import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import { EvidenceRepository, type Evidence, type EvidenceScope } from './evidence.repository';

@Injectable()
export class PgEvidenceRepository extends EvidenceRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async keep(
    unit: UnitOfWork<GovernanceTables>,
    {
      eventId,
      payload,
      ...rest
    }: Evidence & { readonly model: string | null; readonly dataset: string | null },
  ): Promise<void> {
    await unit.tx
      .insertInto('evidence')
      .values({ event_id: eventId, payload: JSON.stringify(payload), ...rest })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async find(type: string, scope: EvidenceScope, limit: number): Promise<Evidence[]> {
    let query = this.database.kysely
      .selectFrom('evidence')
      .selectAll()
      .where('type', '=', type)
      .where('time', '>=', new Date(scope.from))
      .where('time', '<', new Date(scope.to));
    if (scope.project !== null) query = query.where('project', '=', scope.project);
    if (scope.model !== null) query = query.where('model', '=', scope.model);
    if (scope.dataset !== null) query = query.where('dataset', '=', scope.dataset);
    const rows = await query.orderBy('time', 'desc').orderBy('event_id', 'desc').limit(limit).execute();
    return rows.toReversed().map(({ event_id: eventId, time, model: _model, dataset: _dataset, ...row }) => ({
      ...row,
      eventId,
      time: time.toISOString(),
    }));
  }
}
