import type { ColumnType, JSONColumnType } from 'kysely';
import type { Breach, BreachExposure, BreachScope } from './breach';

type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;

/** Table of breaches (migrations/0024), as Kysely sees it. */
export interface BreachTables {
  breaches: {
    id: string;
    project: string;
    summary: string | null;
    end_reason: string | null;
    scope: JSONColumnType<BreachScope>;
    aware_at: Time;
    opened_by: string;
    opened_at: Time;
    exposure: ColumnType<BreachExposure | null, string | null, string | null>;
    state: Breach['state'];
    ended_by: string | null;
    ended_at: NullableTime;
    correlation: string;
  };
}
