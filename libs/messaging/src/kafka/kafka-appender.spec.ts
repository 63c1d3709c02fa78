import type { Kafka } from 'kafkajs';
import { fakeKafka, rawRecord } from './fake-kafka.factory';
import { KafkaAppender, requests } from './kafka-appender';

const outOfOrder = (): Error =>
  Object.assign(new Error('out of order'), { type: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });

describe('KafkaAppender', () => {
  it('makes a new producer after the broker no longer accepts the sequence of the old one', async () => {
    const kafka = fakeKafka();
    const appender = new KafkaAppender(kafka as unknown as Kafka);
    await appender.append([rawRecord()]);
    kafka.producers[0]!.failWith = outOfOrder();
    await expect(appender.append([rawRecord()])).rejects.toMatchObject({
      code: 'EVENT.BUS_UNAVAILABLE',
      retriable: true,
    });
    await appender.append([rawRecord()]);
    expect(kafka.producers.map(({ sent, connected }) => ({ sent, connected }))).toEqual([
      { sent: 1, connected: false },
      { sent: 1, connected: true },
    ]);
    await appender.stop();
    expect(kafka.producers[1]!.connected).toBe(false);
  });

  it('says for good what will never be accepted', async () => {
    const kafka = fakeKafka();
    const appender = new KafkaAppender(kafka as unknown as Kafka);
    await appender.append([rawRecord()]);
    kafka.producers[0]!.failWith = Object.assign(new Error('wrapped'), {
      cause: Object.assign(new Error('not yours'), { type: 'TOPIC_AUTHORIZATION_FAILED' }),
    });
    await expect(appender.append([rawRecord()])).rejects.toMatchObject({
      code: 'EVENT.TOPIC_FOREIGN',
      retriable: false,
    });
  });

  it('splits what would be too large for one batch of a partition, in order', () => {
    const record = (n: number, partition: number, bytes: number) => ({
      ...rawRecord(),
      key: String(n),
      partition,
      value: Buffer.alloc(bytes),
    });
    const records = [
      record(1, 0, 600),
      record(2, 1, 600),
      record(3, 0, 600),
      record(4, 1, 100),
      record(5, 0, 5_000),
    ];
    const split = requests(records, 1_000).map((request) => request.map(({ key }) => key));
    expect(split).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(requests([])).toEqual([]);
  });
});
