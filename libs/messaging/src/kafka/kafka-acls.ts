import { allTopics, Services, type ServiceName } from '@steward/contracts';
import { topicRows } from '../event-log-schema';
import { groupOf } from './kafka-subscription';

/** One rule for Kafka's authoriser, in the words of `kafka-acls.sh`. */
export interface KafkaAcl {
  readonly service: ServiceName;
  readonly resource: 'topic' | 'group' | 'cluster';
  readonly name: string;
  readonly operation: 'Read' | 'Write' | 'Create' | 'Describe' | 'IdempotentWrite' | 'Delete';
}

/** The prefix of the groups in which dead letters are looked at. */
const READER_PREFIX = 'steward.reader.';

/**
 * The rules that say for Kafka what the log's function says for PostgreSQL: a service writes its own topics and any
 * dead-letter topic, reads all, and is in its own group. Topics are created by the platform (`ensureKafkaTopics`).
 * Reader groups are a prefix (`--resource-pattern-type prefixed`).
 */
export function kafkaAcls(services: readonly ServiceName[] = Services): KafkaAcl[] {
  const topics = topicRows(allTopics);
  return services.flatMap((service): KafkaAcl[] => [
    ...topics.flatMap(({ name, owner }): KafkaAcl[] => [
      { service, resource: 'topic', name, operation: 'Read' },
      { service, resource: 'topic', name, operation: 'Describe' },
      ...(owner === null || owner === service
        ? [{ service, resource: 'topic' as const, name, operation: 'Write' as const }]
        : []),
    ]),
    { service, resource: 'group', name: groupOf(service), operation: 'Read' },
    { service, resource: 'group', name: READER_PREFIX, operation: 'Read' },
    { service, resource: 'group', name: READER_PREFIX, operation: 'Delete' },
    { service, resource: 'cluster', name: 'kafka-cluster', operation: 'IdempotentWrite' },
  ]);
}
