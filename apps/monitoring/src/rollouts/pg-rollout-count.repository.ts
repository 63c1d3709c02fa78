import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { tables, type MonitoringTables } from '../monitoring-tables';
import {
  RolloutCountRepository,
  type CountedModel,
  type RolloutStep,
  type WaitingRow,
} from './rollout-count.repository';
import { noCounts, type RolloutCounts } from './rollout-counts';

@Injectable()
export class PgRolloutCountRepository extends RolloutCountRepository {
  constructor(private readonly database: Database<MonitoringTables>) {
    super();
  }

  async wait(unit: UnitOfWork, rows: readonly WaitingRow[]): Promise<void> {
    await tables(unit)
      .insertInto('rollout_row')
      .values(
        rows.map(({ digest, rolloutId, step, side, label }) => ({
          digest,
          rollout_id: rolloutId,
          step,
          role: side,
          label,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async take(unit: UnitOfWork, digests: readonly string[]): Promise<WaitingRow[]> {
    const rows = await tables(unit)
      .deleteFrom('rollout_row')
      .where('digest', 'in', digests)
      .returningAll()
      .execute();
    return rows.map(({ digest, rollout_id: rolloutId, step, role: side, label }) => ({
      digest,
      rolloutId,
      step,
      side,
      label,
    }));
  }

  async earlyOutcomes(unit: UnitOfWork, project: string, predictionId: string): Promise<Map<number, string>> {
    const rows = await tables(unit)
      .selectFrom('early_outcome')
      .select(['row', 'label'])
      .where('project', '=', project)
      .where('prediction_id', '=', predictionId)
      .execute();
    return new Map(rows.map(({ row, label }) => [row, label]));
  }

  async lock(unit: UnitOfWork, { rolloutId, step }: RolloutStep, of: CountedModel | null) {
    if (of) {
      await tables(unit)
        .insertInto('rollout_count')
        .values({
          rollout_id: rolloutId,
          step,
          project: of.project,
          model: of.model,
          counts: JSON.stringify(noCounts()),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    const row = await tables(unit)
      .selectFrom('rollout_count')
      .select(['project', 'model', 'counts'])
      .where('rollout_id', '=', rolloutId)
      .where('step', '=', step)
      .forUpdate()
      .executeTakeFirst();
    return row ?? null;
  }

  async save(unit: UnitOfWork, { rolloutId, step }: RolloutStep, counts: RolloutCounts): Promise<void> {
    await tables(unit)
      .updateTable('rollout_count')
      .set({ counts: JSON.stringify(counts), changed_at: new Date() })
      .where('rollout_id', '=', rolloutId)
      .where('step', '=', step)
      .execute();
  }

  async prune(before: Date): Promise<void> {
    await this.database.kysely.deleteFrom('rollout_row').where('counted_at', '<', before).execute();
  }
}
