import { randomUUID } from 'node:crypto';
import type { PgDatabase } from '@steward/database';
import { sql, type Transaction } from 'kysely';
import type { BusMetrics } from '../bus-metrics';
import type { EventBus } from '../event-bus';
import { stamped } from '../event-headers';
import type { OutgoingRecord } from '../log-record';
import type { MessagingTables } from '../messaging-tables';
import { nextSequences } from '../publish/next-sequences';
import { hasOutgoing, RelayStep } from '../publish/outbox-relay';

const BATCH = 500;
/** Another process of the service takes over this long after the one that relays was last heard of. */
const LEASE_SECONDS = 3;

interface Sequenced {
  readonly id: number;
  readonly record: OutgoingRecord;
}

/**
 * Outbox to Kafka. Each event gets its sequence and that is committed before it is first sent, so that one sent again
 * (by us after a crash, or by another process that took over) is known by its readers.
 */
export class KafkaRelayStep extends RelayStep {
  private readonly me = randomUUID();

  constructor(
    private readonly database: PgDatabase<MessagingTables>,
    private readonly bus: EventBus,
    private readonly metrics: BusMetrics,
  ) {
    super();
  }

  async move(): Promise<number> {
    if (!(await hasOutgoing(this.database.kysely))) return 0;
    const batch = await this.database.transaction(({ tx }) => this.sequence(tx));
    if (batch.length === 0) return 0;
    const stop = this.metrics.appendSeconds.startTimer({ kind: 'domain' });
    await this.bus.append(batch.map(({ record }) => record));
    stop();
    await this.database.kysely
      .deleteFrom('outbox')
      .where(sql<boolean>`id = ANY(${batch.map(({ id }) => id)}::bigint[])`)
      .execute();
    this.metrics.countAppended(batch.map(({ record }) => record));
    return batch.length;
  }

  override async release(): Promise<void> {
    await this.database.kysely
      .updateTable('outbox_relay')
      .set({ lease_owner: null, lease_until: sql`'-infinity'` as never })
      .where('lease_owner', '=', this.me)
      .execute();
  }

  private async sequence(tx: Transaction<MessagingTables>): Promise<Sequenced[]> {
    const relay = await tx
      .updateTable('outbox_relay')
      .set({
        lease_owner: this.me,
        lease_until: sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}::int)` as never,
      })
      .where(sql<boolean>`lease_owner = ${this.me}::uuid OR lease_until < clock_timestamp()`)
      .returning(['producer', nextSequences.as('next')])
      .executeTakeFirst();
    if (!relay) return [];
    // What was sequenced before goes first: in each partition, sequences must rise.
    const before = await this.select(tx)
      .where('sequence', 'is not', null)
      .orderBy('sequence')
      .limit(BATCH)
      .execute();
    if (before.length > 0) return before.map((row) => sequenced(row, relay.producer, row.sequence!));
    const fresh = await this.select(tx).where('sequence', 'is', null).orderBy('id').limit(BATCH).execute();
    if (fresh.length === 0) return [];
    await sql`UPDATE outbox SET sequence = ${relay.next}::bigint + n - 1
      FROM unnest(${fresh.map(({ id }) => id)}::bigint[]) WITH ORDINALITY AS given (given_id, n)
      WHERE id = given_id`.execute(tx);
    await tx
      .updateTable('outbox_relay')
      .set({ next_sequence: relay.next + fresh.length })
      .execute();
    return fresh.map((row, index) => sequenced(row, relay.producer, relay.next + index));
  }

  private select(tx: Transaction<MessagingTables>) {
    return tx
      .selectFrom('outbox')
      .select(['id', 'topic', 'partition', 'key', 'headers', 'value', 'sequence']);
  }
}

function sequenced(row: OutgoingRecord & { id: number }, producer: string, sequence: number): Sequenced {
  const { id, topic, partition, key, value } = row;
  return {
    id,
    record: { topic, partition, key, value, headers: stamped(row.headers, { producer, sequence }) },
  };
}
