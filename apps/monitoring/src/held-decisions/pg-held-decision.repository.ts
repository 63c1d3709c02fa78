import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { notHeld } from '@steward/subjects';
import { sql, type Transaction } from 'kysely';
import {
  HeldDecisionRepository,
  type HeldByGroup,
  type HeldRow,
  type HeldState,
} from './held-decision.repository';

interface HeldDecisionTables {
  held_decision: {
    project: string;
    prediction_id: string;
    row: number;
    model: string;
    state: HeldState;
    held_at: Date | string;
  };
}

@Injectable()
export class PgHeldDecisionRepository extends HeldDecisionRepository {
  constructor(private readonly database: Database<HeldDecisionTables>) {
    super();
  }

  async hold(unit: UnitOfWork, rows: readonly HeldRow[]): Promise<void> {
    await tables(unit)
      .insertInto('held_decision')
      .values(rows.map(stored))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async review(unit: UnitOfWork, row: HeldRow): Promise<void> {
    await tables(unit)
      .insertInto('held_decision')
      .values(stored(row))
      .onConflict((conflict) =>
        conflict.columns(['project', 'prediction_id', 'row']).doUpdateSet({ state: row.state }),
      )
      .execute();
  }

  async byGroup(project: string, windowId: string): Promise<HeldByGroup[]> {
    const { rows } = await sql<HeldByGroup>`
      SELECT g.key AS attribute, g.value AS value, count(*)::int AS rows, count(h.state)::int AS held,
        count(*) FILTER (WHERE h.state = 'confirmed')::int AS confirmed,
        count(*) FILTER (WHERE h.state = 'overridden')::int AS overridden
      FROM window_row w
      JOIN observation_window o ON o.id = w.window_id AND o.project = ${project}
      CROSS JOIN LATERAL jsonb_each_text(w.groups) AS g
      LEFT JOIN held_decision h
        ON h.project = o.project AND h.prediction_id = w.prediction_id AND h.row = w.row
      WHERE w.window_id = ${windowId} AND g.value IS NOT NULL
      GROUP BY g.key, g.value ORDER BY g.key, g.value`.execute(this.database.kysely);
    return rows;
  }

  async deleteBefore(time: Date): Promise<void> {
    await this.database.kysely
      .deleteFrom('held_decision')
      .where('held_at', '<', time)
      .where(notHeld(sql.ref('held_decision.project'), sql`NULL`, 'held-decisions'))
      .execute();
  }
}

const tables = (unit: UnitOfWork): Transaction<HeldDecisionTables> =>
  unit.tx as Transaction<HeldDecisionTables>;

const stored = ({ project, predictionId, row, model, state, heldAt }: HeldRow) => ({
  project,
  prediction_id: predictionId,
  row,
  model,
  state,
  held_at: heldAt,
});
