import { allTopics, type ServiceName, type TopicDefinition } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { Admin } from 'kafkajs';
import { topicRows } from '../event-log-schema';
import { createKafka, mapKafkaError } from './kafka-client';

const DAY_MS = 86_400_000;
/** Copies of each partition where the cluster has that many brokers. */
const REPLICAS = 3;

interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly retentionDays: number | null;
}

async function existing(admin: Admin, names: readonly string[]): Promise<Map<string, number>> {
  const present = new Set(await admin.listTopics());
  const topics = names.filter((name) => present.has(name));
  if (topics.length === 0) return new Map();
  const metadata = await admin.fetchTopicMetadata({ topics });
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
}

function checkPartitions(wanted: readonly WantedTopic[], found: ReadonlyMap<string, number>): void {
  for (const { name, partitions } of wanted) {
    const count = found.get(name);
    if (count === undefined || count === partitions) continue;
    throw errors.conflict(
      'EVENT.PARTITIONS_CHANGED',
      `The topic ${name} has ${count} partitions in Kafka; the contracts say ${partitions}. Keys would change places.`,
    );
  }
}

async function ensure(admin: Admin, wanted: readonly WantedTopic[]): Promise<void> {
  const found = await existing(
    admin,
    wanted.map(({ name }) => name),
  );
  checkPartitions(wanted, found);
  const missing = wanted.filter(({ name }) => !found.has(name));
  if (missing.length === 0) return;
  const { brokers } = await admin.describeCluster();
  const replicationFactor = Math.min(REPLICAS, brokers.length);
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map(({ name, partitions, retentionDays }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: [
        { name: 'cleanup.policy', value: 'delete' },
        { name: 'retention.ms', value: retentionDays === null ? '-1' : String(retentionDays * DAY_MS) },
        { name: 'min.insync.replicas', value: String(Math.max(1, replicationFactor - 1)) },
      ],
    })),
  });
}

/**
 * Creates the topics of the contracts that are not there, with their partitions, retention and dead-letter topics.
 * `owner`: only those of one service. Throws `EVENT.PARTITIONS_CHANGED`, `EVENT.BUS_UNAVAILABLE`.
 */
export async function ensureKafkaTopics(options: {
  readonly brokers: readonly string[];
  readonly owner?: ServiceName;
}): Promise<void> {
  const mine = allTopics.filter(({ owner }) => !options.owner || owner === options.owner);
  await withAdmin(options.brokers, (admin) => ensure(admin, topicRows(mine)));
}

/** Throws the retriable `EVENT.TOPIC_MISSING` until other services have created the topics that this one reads. */
export async function requireKafkaTopics(
  brokers: readonly string[],
  topics: readonly TopicDefinition[],
): Promise<void> {
  await withAdmin(brokers, async (admin) => {
    const found = await existing(
      admin,
      topics.map(({ name }) => name),
    );
    checkPartitions(topics, found);
    const missing = topics.find(({ name }) => !found.has(name));
    if (!missing) return;
    throw errors.unavailable(
      'EVENT.TOPIC_MISSING',
      `The topic ${missing.name} is not there yet: ${missing.owner} creates it when it starts.`,
    );
  });
}

/** Runs `work` with an admin client of its own. */
export async function withAdmin<Result>(
  brokers: readonly string[],
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = createKafka('steward-admin', brokers).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw (error as Error).name === 'AppError' ? error : mapKafkaError(error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
