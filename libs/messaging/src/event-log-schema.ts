import { join } from 'node:path';
import { allTopics, type TopicDefinition } from '@steward/contracts';
import type { OwnerQuery, SharedMigration } from '@steward/database';
import { errors } from '@steward/kernel';

const MIGRATIONS = join(__dirname, '..', 'migrations');
/** Dead letters are kept this many days, or as long as their topic's records if that is shorter. */
export const DEAD_LETTER_DAYS = 30;

/** The topic of a topic's dead letters. */
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

interface TopicRow {
  readonly name: string;
  readonly owner: string | null;
  readonly partitions: number;
  readonly retentionDays: number | null;
}

/** Every topic with its dead-letter topic beside it. */
export function topicRows(topics: readonly TopicDefinition[] = allTopics): TopicRow[] {
  return topics.flatMap(({ name, owner, partitions, retentionDays }) => [
    { name, owner, partitions, retentionDays },
    {
      name: deadLetterTopic(name),
      owner: null,
      partitions: 1,
      retentionDays: Math.min(retentionDays ?? DEAD_LETTER_DAYS, DEAD_LETTER_DAYS),
    },
  ]);
}

/** Writes the contracts' topics into the log. Partitions of a topic never change: keys would change places. */
export async function registerTopics(
  query: OwnerQuery,
  rows: readonly TopicRow[] = topicRows(),
): Promise<void> {
  for (const row of rows) {
    const [kept] = await query<{ partitions: number }>(
      `INSERT INTO event_log.topic AS t (name, owner, partitions, retention_days) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, retention_days = excluded.retention_days
       RETURNING t.partitions`,
      [row.name, row.owner, row.partitions, row.retentionDays],
    );
    if (kept?.partitions !== row.partitions) {
      throw errors.conflict(
        'EVENT.PARTITIONS_CHANGED',
        `The topic ${row.name} has ${kept?.partitions} partitions and cannot get ${row.partitions}. Make a new topic.`,
      );
    }
    await query(
      `INSERT INTO event_log.head (topic_id, partition)
       SELECT t.id, p FROM event_log.topic t, generate_series(0, t.partitions - 1) p WHERE t.name = $1
       ON CONFLICT DO NOTHING`,
      [row.name],
    );
  }
}

async function grant(query: OwnerQuery): Promise<void> {
  const roles = await query<{ name: string }>(
    String.raw`SELECT quote_ident(rolname) AS name FROM pg_roles WHERE rolname LIKE 'steward\_%'`,
  );
  for (const { name } of roles) {
    await query(`GRANT USAGE ON SCHEMA event_log TO ${name}`);
    await query(`GRANT SELECT ON event_log.topic, event_log.head, event_log.record TO ${name}`);
    await query(
      `GRANT EXECUTE ON FUNCTION event_log.append(text[], integer[], integer[], text[], text[], bytea[]),
                                 event_log.append(text, integer, text[], text[], bytea[]),
                                 event_log.append_packed(text[], integer[], integer[], integer[], bytea[]),
                                 event_log.prune(integer) TO ${name}`,
    );
  }
}

/** The schema `event_log`, for `migrate({ shared: [eventLogSchema] })`: tables, functions, topics, grants. */
export const eventLogSchema: SharedMigration = {
  schema: 'event_log',
  migrations: [join(MIGRATIONS, 'event-log')],
  after: async (query) => {
    await registerTopics(query);
    await grant(query);
  },
};

/** Folder of the tables that every service's own schema needs: outbox, positions, dead letters. */
export const messagingMigrations = join(MIGRATIONS, 'service');
