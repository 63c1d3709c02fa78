import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** The tables of migrations/service, in each service's own schema. */
export interface MessagingTables {
  outbox: {
    id: Generated<number>;
    topic: string;
    partition: number;
    key: string;
    headers: JSONColumnType<Record<string, string>>;
    value: Buffer;
    sequence: number | null;
    created_at: Generated<Date>;
  };
  outbox_relay: {
    one: Generated<boolean>;
    producer: Generated<string>;
    next_sequence: Generated<number>;
    lease_owner: string | null;
    lease_until: ColumnType<Date, never, never>;
    bus: string | null;
  };
  consumer_position: {
    topic: string;
    partition: number;
    next_offset: Generated<number>;
    failing_offset: number | null;
    tries: Generated<number>;
  };
  consumer_sequence: {
    topic: string;
    partition: number;
    producer: string;
    sequence: number;
    seen_at: Generated<Date>;
  };
  dead_letter: {
    id: string;
    topic: string;
    partition: number;
    offset: number;
    key: string | null;
    headers: JSONColumnType<Record<string, string>>;
    value: Buffer;
    consumer: string;
    code: string;
    reason: string;
    state: Generated<'waiting' | 'replayed'>;
    created_at: Generated<Date>;
    replayed_at: Date | null;
    expires_at: Date | null;
  };
}
