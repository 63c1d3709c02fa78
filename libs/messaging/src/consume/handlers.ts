import { allTopics, type EventDefinition, type TopicDefinition } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { EventConsumer } from '../consumer';

/** An event consumer under the name that dead letters and metrics show. */
export interface NamedHandler {
  readonly name: string;
  readonly consumer: EventConsumer<EventDefinition>;
}

/** The event consumers of a service by topic and type. Several may handle one type; they run in order of registration. */
export class Handlers {
  private readonly byEvent = new Map<string, NamedHandler[]>();
  private readonly subscribed = new Map<string, TopicDefinition>();

  private readonly names = new Set<string>();

  /** Throws `EVENT.CONSUMER_TWICE`: dead letters could not tell two of one name apart. */
  register(consumers: readonly EventConsumer<EventDefinition>[]): void {
    for (const consumer of consumers) {
      const name = consumer.constructor.name;
      if (this.names.has(name)) {
        throw errors.internal(
          'EVENT.CONSUMER_TWICE',
          `There are two event consumers named ${name}. Rename one.`,
        );
      }
      this.names.add(name);
      this.add({ name, consumer });
    }
  }

  private add(handler: NamedHandler): void {
    const { topic, type } = handler.consumer.event;
    const key = `${topic.name} ${type}`;
    this.byEvent.set(key, [...(this.byEvent.get(key) ?? []), handler]);
    this.subscribed.set(topic.name, topic);
  }

  get topics(): readonly TopicDefinition[] {
    return [...this.subscribed.values()];
  }

  /** Empty for a type of the topic that this service has no interest in. */
  of(topic: string, type: string): readonly NamedHandler[] {
    return this.byEvent.get(`${topic} ${type}`) ?? [];
  }
}

const topicsByName = new Map(allTopics.map((topic) => [topic.name, topic]));

/** The contract of a topic. Throws `EVENT.TOPIC_UNKNOWN`. */
export function topicNamed(name: string): TopicDefinition {
  const topic = topicsByName.get(name);
  if (topic) return topic;
  throw errors.invalid('EVENT.TOPIC_UNKNOWN', `There is no topic ${name}.`);
}
