import type { OutgoingRecord } from '../log-record';

export const rawRecord = (): OutgoingRecord => ({
  topic: 'steward.monitoring.alert.v1',
  partition: 0,
  key: 'k',
  headers: {},
  value: Buffer.from('{}'),
});

/** A producer that counts, and fails when told. */
class FakeProducer {
  sent = 0;
  connected = false;
  failWith: Error | undefined;

  connect(): Promise<void> {
    this.connected = true;
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    this.connected = false;
    return Promise.resolve();
  }

  sendBatch(): Promise<void> {
    if (this.failWith) return Promise.reject(this.failWith);
    this.sent++;
    return Promise.resolve();
  }
}

type Listener = (event: { readonly payload: Record<string, unknown> }) => void;

/** A consumer whose events the test fires. */
class FakeConsumer {
  readonly events = { CRASH: 'crash', GROUP_JOIN: 'join', FETCH: 'fetch' } as const;
  private readonly listeners = new Map<string, Listener>();
  connected = false;

  on(name: string, listener: Listener): void {
    this.listeners.set(name, listener);
  }

  fire(name: 'crash' | 'join' | 'fetch', payload: Record<string, unknown> = {}): void {
    this.listeners.get(name)?.({ payload });
  }

  connect(): Promise<void> {
    this.connected = true;
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    this.connected = false;
    return Promise.resolve();
  }

  subscribe(): Promise<void> {
    return Promise.resolve();
  }

  run(): Promise<void> {
    return Promise.resolve();
  }
}

/** What the adapter asks of kafkajs, without a broker. */
export function fakeKafka(): {
  readonly producers: FakeProducer[];
  readonly consumers: FakeConsumer[];
  producer(): FakeProducer;
  consumer(): FakeConsumer;
} {
  const producers: FakeProducer[] = [];
  const consumers: FakeConsumer[] = [];
  return {
    producers,
    consumers,
    producer: () => {
      const made = new FakeProducer();
      producers.push(made);
      return made;
    },
    consumer: () => {
      const made = new FakeConsumer();
      consumers.push(made);
      return made;
    },
  };
}
