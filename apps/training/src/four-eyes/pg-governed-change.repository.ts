import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { GovernedChange } from './exclusions';
import { GovernedChangeRepository, type MonitorCopy } from './governed-change.repository';

@Injectable()
export class PgGovernedChangeRepository extends GovernedChangeRepository {
  async changes(
    unit: UnitOfWork<TrainingTables>,
    of: { project: string; pipeline: string; dataset: string; model: string },
  ): Promise<GovernedChange[]> {
    const pipelines = await unit.tx
      .selectFrom('pipelines')
      .select(['pipeline as name', 'changed_by', 'changed_at'])
      .where('project', '=', of.project)
      .where('pipeline', '=', of.pipeline)
      .execute();
    const contracts = await unit.tx
      .selectFrom('contracts')
      .select(['dataset as name', 'changed_by', 'changed_at'])
      .where('project', '=', of.project)
      .where('dataset', '=', of.dataset)
      .execute();
    const monitors = await unit.tx
      .selectFrom('monitors')
      .select(['monitor as name', 'changed_by', 'changed_at'])
      .where('project', '=', of.project)
      // A monitor that once watched this model counts with all its changes.
      .where('monitor', 'in', (query) =>
        query
          .selectFrom('monitors')
          .select('monitor')
          .where('project', '=', of.project)
          .where('model', '=', of.model),
      )
      .execute();
    return [
      ...pipelines.map((row) => toChange('pipeline', row)),
      ...contracts.map((row) => toChange('contract', row)),
      ...monitors.map((row) => toChange('monitor', row)),
    ];
  }

  async keepMonitor(unit: UnitOfWork<TrainingTables>, copy: MonitorCopy): Promise<void> {
    await unit.tx
      .insertInto('monitors')
      .values({
        project: copy.project,
        monitor: copy.monitor,
        version: copy.version,
        model: copy.model,
        digest: copy.digest,
        changed_by: copy.changedBy,
        changed_at: copy.changedAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

function toChange(
  kind: GovernedChange['kind'],
  row: { name: string; changed_by: string; changed_at: Date },
): GovernedChange {
  return { kind, name: row.name, person: row.changed_by, at: row.changed_at.toISOString() };
}
