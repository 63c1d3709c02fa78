import type { ColumnType } from 'kysely';

type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;

/** Tables of emergency access (migrations/0021), as Kysely sees them. */
export interface EmergencyTables {
  emergency_accesses: {
    id: string;
    project: string;
    person: string;
    role: string;
    reason: string | null;
    review_note: string | null;
    informed: string[];
    started_at: Time;
    until_at: Time;
    ended_at: NullableTime;
    reviewed_by: string | null;
    reviewed_at: NullableTime;
    justified: boolean | null;
    correlation: string;
  };
}
