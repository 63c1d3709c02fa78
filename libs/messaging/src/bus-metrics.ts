import type { ServiceName } from '@steward/contracts';
import { Counter, Gauge, Histogram, register, type Metric, type Registry } from 'prom-client';

/** prom-client refuses to register a name twice; a test or a restart inside one process asks for it again. */
function once<Kind extends Metric>(registry: Registry, name: string, make: () => Kind): Kind {
  return (registry.getSingleMetric(name) as Kind | undefined) ?? make();
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The bus's figures at `/metrics`, `steward_<service>_events_...`. Labels are topics, partitions and codes only. */
export class BusMetrics {
  readonly handled: Counter<'topic' | 'result'>;
  readonly duplicates: Counter<'topic'>;
  readonly deadLetters: Counter<'topic' | 'code'>;
  readonly lost: Counter<'topic'>;
  readonly lag: Gauge<'topic' | 'partition'>;
  readonly stopped: Gauge<'topic' | 'partition'>;
  readonly outboxBacklog: Gauge;
  readonly outboxAge: Gauge;
  readonly appended: Counter<'topic'>;
  readonly appendSeconds: Histogram<'kind'>;
  readonly handleSeconds: Histogram<'topic'>;

  constructor(service: ServiceName, registry: Registry = register) {
    const registers = [registry];
    const named = (name: string): string => `steward_${service}_events_${name}`;
    const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
      once(registry, named(name), () => new Counter({ name: named(name), help, labelNames, registers }));
    const gauge = <L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> =>
      once(registry, named(name), () => new Gauge({ name: named(name), help, labelNames, registers }));
    const histogram = <L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> =>
      once(
        registry,
        named(name),
        () => new Histogram({ name: named(name), help, labelNames, buckets: SECONDS, registers }),
      );
    this.handled = counter('handled_total', 'Events handled, by result.', ['topic', 'result']);
    this.duplicates = counter('duplicates_total', 'Events that had been sent again and were dropped.', [
      'topic',
    ]);
    this.deadLetters = counter('dead_letters_total', 'Events that went to the dead letters.', [
      'topic',
      'code',
    ]);
    this.lost = counter('lost_total', 'Events that retention deleted before this service read them.', [
      'topic',
    ]);
    this.lag = gauge('lag_events', 'Events in the log that this service has not handled.', [
      'topic',
      'partition',
    ]);
    this.stopped = gauge('partition_stopped', '1: an event that may not be skipped cannot be handled.', [
      'topic',
      'partition',
    ]);
    this.outboxBacklog = gauge('outbox_backlog_events', 'Events that wait in the outbox.', []);
    this.outboxAge = gauge('outbox_oldest_seconds', 'Age of the oldest event in the outbox.', []);
    this.appended = counter('appended_total', 'Events written to the log.', ['topic']);
    this.appendSeconds = histogram('append_duration_seconds', 'Until a batch was durable in the log.', [
      'kind',
    ]);
    this.handleSeconds = histogram('batch_duration_seconds', 'Until a batch was applied and committed.', [
      'topic',
    ]);
  }

  /** Counts what was written to the log; once a topic, for it is asked of every prediction. */
  countAppended(records: readonly { readonly topic: string }[]): void {
    const counts = new Map<string, number>();
    for (const { topic } of records) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    for (const [topic, count] of counts) this.appended.inc({ topic }, count);
  }
}
