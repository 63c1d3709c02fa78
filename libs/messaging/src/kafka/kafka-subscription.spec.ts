import { Topics } from '@steward/contracts';
import type { Kafka } from 'kafkajs';
import { eventually } from '../../test/support/eventually';
import type { BatchProcessor } from '../consume/batch-processor';
import { fakeKafka } from './fake-kafka.factory';
import { KafkaSubscription } from './kafka-subscription';

const processor: BatchProcessor = {
  position: () => Promise.resolve(0),
  process: () => Promise.resolve({ kind: 'advanced', next: 0 }),
  outOfRange: () => Promise.resolve(false),
  turned: () => undefined,
  released: () => undefined,
};

function make(): { kafka: ReturnType<typeof fakeKafka>; subscription: KafkaSubscription } {
  const kafka = fakeKafka();
  const subscription = new KafkaSubscription(
    kafka as unknown as Kafka,
    'training',
    [Topics.alert],
    processor,
  );
  subscription.start();
  return { kafka, subscription };
}

const join = { memberAssignment: { [Topics.alert.name]: [0] } };

describe('KafkaSubscription', () => {
  it('says that it crashed, and makes its consumer anew until that one has joined', async () => {
    const { kafka, subscription } = make();
    await eventually(() => expect(kafka.consumers[0]?.connected).toBe(true));
    expect(subscription.fault).not.toBeNull();
    kafka.consumers[0]!.fire('join', join);
    expect(subscription).toMatchObject({ fault: null, crash: null });
    kafka.consumers[0]!.fire('crash', { error: new TypeError('cannot read undefined') });
    await eventually(() => expect(subscription.crash).toContain('cannot read undefined'));
    expect(subscription.fault).not.toBeNull();
    await eventually(() => expect(kafka.consumers[1]?.connected).toBe(true));
    expect(kafka.consumers[0]!.connected).toBe(false);
    expect(subscription.crash).not.toBeNull();
    kafka.consumers[1]!.fire('join', join);
    expect(subscription).toMatchObject({ fault: null, crash: null });
    await subscription.stop();
    expect(kafka.consumers[1]!.connected).toBe(false);
  });

  it('waits for brokers that are away without calling that a crash', async () => {
    const { kafka, subscription } = make();
    await eventually(() => expect(kafka.consumers[0]?.connected).toBe(true));
    const away = Object.assign(new Error('refused'), { name: 'KafkaJSConnectionError' });
    const error = Object.assign(new Error('tried often'), {
      name: 'KafkaJSNumberOfRetriesExceeded',
      cause: away,
    });
    kafka.consumers[0]!.fire('crash', { error });
    await eventually(() => expect(kafka.consumers).toHaveLength(2));
    expect(subscription.crash).toBeNull();
    expect(subscription.fault).not.toBeNull();
    await subscription.stop();
  });
});
