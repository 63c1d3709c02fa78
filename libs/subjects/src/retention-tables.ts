import type { RetentionClass, RetentionMode } from '@steward/contracts';
import { sql, type RawBuilder } from 'kysely';
import type { ColumnType, Generated } from 'kysely';

type Time = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

/** The tables that every participating service has in its schema (migration `*_retention.sql` of each). */
export interface RetentionTables {
  retention_tasks: {
    run_id: string;
    mode: RetentionMode;
    project: string;
    orders_digest: string;
    state: 'waiting' | 'done';
    failure: string | null;
    actor: string;
    correlation: string;
    created_at: Generated<Date>;
    done_at: Time;
  };
  retention_parts: {
    run_id: string;
    class: RetentionClass;
    store: string;
    name: string;
    items: number;
    oldest: Time;
    old_digest: string | null;
    new_digest: string | null;
    recorded_at: Generated<Date>;
  };
  retention_holds: {
    id: string;
    project: string;
    dataset: string | null;
    class: RetentionClass | null;
    until: Time;
  };
}

/**
 * Condition of a deletion by a service's own settings: no legal hold covers the row. `project` and `dataset` are
 * expressions over it; a dataset of null: what belongs to none.
 */
export function notHeld(
  project: RawBuilder<unknown>,
  dataset: RawBuilder<unknown>,
  retentionClass: RetentionClass,
): RawBuilder<boolean> {
  return sql<boolean>`NOT EXISTS (SELECT 1 FROM retention_holds hold
    WHERE hold.project = ${project} AND (hold.dataset IS NULL OR hold.dataset = ${dataset})
      AND (hold.class IS NULL OR hold.class = ${retentionClass})
      AND (hold.until IS NULL OR hold.until > clock_timestamp()))`;
}
