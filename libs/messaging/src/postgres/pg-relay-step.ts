import type { PgDatabase } from '@steward/database';
import { sql, type Transaction } from 'kysely';
import type { BusMetrics } from '../bus-metrics';
import { stamped } from '../event-headers';
import type { OutgoingRecord } from '../log-record';
import type { MessagingTables } from '../messaging-tables';
import { nextSequences } from '../publish/next-sequences';
import { hasOutgoing, RelayStep } from '../publish/outbox-relay';
import { appendRecords } from './append-records';
import type { LogNotifier } from './log-notifier';

const BATCH = 500;

type Tx = Transaction<MessagingTables>;

/**
 * Outbox to PostgreSQL log in one transaction, so that an event is in one of the two, never in both. The relay's row is
 * held meanwhile: another process of the service skips. Readers are woken after COMMIT.
 */
export class PgRelayStep extends RelayStep {
  constructor(
    private readonly database: PgDatabase<MessagingTables>,
    private readonly notifier: LogNotifier,
    private readonly metrics: BusMetrics,
  ) {
    super();
  }

  async move(): Promise<number> {
    if (!(await hasOutgoing(this.database.kysely))) return 0;
    const stop = this.metrics.appendSeconds.startTimer({ kind: 'domain' });
    const moved = await this.database.transaction(({ tx }) => this.moveIn(tx));
    if (moved.length === 0) return 0;
    stop();
    this.notifier.notify(moved.map(({ topic }) => topic));
    this.metrics.countAppended(moved);
    return moved.length;
  }

  private async moveIn(tx: Tx): Promise<readonly OutgoingRecord[]> {
    const relay = await tx
      .selectFrom('outbox_relay')
      .select(['producer', nextSequences.as('next')])
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!relay) return [];
    const rows = await tx
      .selectFrom('outbox')
      .select(['id', 'topic', 'partition', 'key', 'headers', 'value'])
      .orderBy('id')
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return [];
    const records = rows.map((row, index) => ({
      ...row,
      headers: stamped(row.headers, { producer: relay.producer, sequence: relay.next + index }),
    }));
    await appendRecords(tx, records);
    await tx
      .deleteFrom('outbox')
      .where(sql<boolean>`id = ANY(${rows.map(({ id }) => id)}::bigint[])`)
      .execute();
    await tx
      .updateTable('outbox_relay')
      .set({ next_sequence: relay.next + rows.length })
      .execute();
    return records;
  }
}
