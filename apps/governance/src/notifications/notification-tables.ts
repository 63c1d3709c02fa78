import type { ColumnType, Generated } from 'kysely';
import type { DeliveryState, MatterKind, Stage } from './notification';

type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null | undefined, string | null>;

/** The outbox of notifications (migrations/0070), as Kysely sees it. */
export interface NotificationTables {
  notifications: {
    id: string;
    project: string;
    kind: MatterKind;
    object_id: string;
    stage: Stage;
    summary: string;
    roles: string[];
    people: string[];
    page: string;
    due_at: NullableTime;
    created_at: Time;
    settled_at: NullableTime;
    state: DeliveryState;
    attempts: Generated<number>;
    next_at: Time;
    fault: string | null | undefined;
    delivered_at: NullableTime;
  };
}
