import { AlertRaised, PredictionLogged, Topics } from '@steward/contracts';
import { Kafka as CloudEventsKafka, type CloudEvent } from 'cloudevents';
import { ConfigResourceTypes, type Message } from 'kafkajs';
import { register } from 'prom-client';
import { ensureKafkaTopics, handled } from '../src/index';
import { createKafka } from '../src/kafka/kafka-client';
import { groupOf } from '../src/kafka/kafka-subscription';
import { withAdmin } from '../src/kafka/kafka-topics';
import { createBusDatabase, type BusDatabase } from './support/bus-database';
import { eventually } from './support/eventually';
import { rawAlert } from './support/raw-alert';
import { describeWithKafka, KafkaBroker } from './support/kafka-broker';
import { Recorder, TestProcess, type BusPlace } from './support/test-process';

jest.setTimeout(120_000);

const ALERTS = AlertRaised.topic.name;
const PAYLOAD = JSON.stringify({
  alertId: 'x',
  monitor: 'm',
  kind: 'drift',
  model: 'm',
  modelVersion: 1,
  windowId: 'w',
  columns: Array.from({ length: 200 }, (_, i) => `column-${i}`),
});

describeWithKafka('the traps of kafkajs, on a real broker', () => {
  let broker: KafkaBroker;
  let database: BusDatabase;
  let place: BusPlace;
  const running: TestProcess[] = [];

  const start = async (...args: Parameters<typeof make>): Promise<TestProcess> => {
    const one = make(...args);
    await one.start(...(args.slice(1) as never[]));
    return one;
  };
  const make = (
    service: ConstructorParameters<typeof TestProcess>[1],
    ..._consumers: Recorder<never>[]
  ): TestProcess => {
    const one = new TestProcess(place, service);
    running.push(one);
    return one;
  };

  beforeAll(async () => {
    broker = await KafkaBroker.start();
  });

  afterAll(() => broker.dispose());

  beforeEach(async () => {
    await broker.clear();
    database = await createBusDatabase();
    place = { bus: 'kafka', brokers: broker.brokers, urlOf: (service) => database.urlOf(service) };
    await eventually(() => ensureKafkaTopics({ brokers: broker.brokers }));
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await database.dispose();
  });

  /** kafkajs must have heard of a topic before it can delete from it, and a topic made anew has no leader at once. */
  const deleteBefore = (topic: string, partition: number, offset: number): Promise<void> =>
    eventually(() =>
      withAdmin(broker.brokers, async (admin) => {
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
      }),
    );

  it('loses nothing of a batch that ends early', async () => {
    const monitoring = await start('monitoring');
    await monitoring.runtime.bus.append(Array.from({ length: 500 }, () => rawAlert('x', PAYLOAD)));
    let tries = 0;
    const recorder = new Recorder(AlertRaised, ({ offset }) =>
      offset === 250 && ++tries < 4 ? handled.retry(30) : undefined,
    );
    const training = await start('training', recorder as never);
    await eventually(async () => expect(await training.effects()).toHaveLength(500));
    expect((await training.effects()).map(({ offset }) => offset)).toEqual(
      Array.from({ length: 500 }, (_, i) => i),
    );
  });

  it('goes by the database, whether the offset committed in Kafka lies before or beyond it', async () => {
    const monitoring = await start('monitoring');
    await monitoring.runtime.bus.append(Array.from({ length: 60 }, () => rawAlert('x', PAYLOAD)));
    const { partition } = rawAlert('x', PAYLOAD);
    const commit = (offset: number): Promise<void> =>
      withAdmin(broker.brokers, (admin) =>
        admin.setOffsets({
          groupId: groupOf('training'),
          topic: ALERTS,
          partitions: [{ partition, offset: String(offset) }],
        }),
      );
    await commit(40);
    const first = await start('training', new Recorder(AlertRaised) as never);
    await eventually(async () => expect(await first.effects()).toHaveLength(60));
    running.splice(running.indexOf(first), 1);
    await first.stop();
    await eventually(() => commit(7));
    await monitoring.raise('x');
    const second = await start('training', new Recorder(AlertRaised) as never);
    await eventually(async () => expect((await second.effects()).length).toBeGreaterThan(60));
    expect((await second.effects()).map(({ offset }) => offset)).toEqual(
      Array.from({ length: 61 }, (_, i) => i),
    );
  });

  it('does not jump in silence where records are gone that may not be skipped', async () => {
    const monitoring = await start('monitoring');
    await monitoring.runtime.bus.append(Array.from({ length: 30 }, () => rawAlert('x', PAYLOAD)));
    const { partition } = rawAlert('x', PAYLOAD);
    await deleteBefore(ALERTS, partition, 10);
    const training = await start('training', new Recorder(AlertRaised) as never);
    await eventually(() =>
      expect(training.runtime.report().alarms.join()).toContain('EVENT.OFFSET_OUT_OF_RANGE'),
    );
    expect(await training.effects()).toEqual([]);
  });

  it('goes on after what retention deleted of telemetry, and says how many events that were', async () => {
    const inference = await start('inference');
    for (let i = 0; i < 20; i++) await inference.predict('one-key');
    const partition = 3;
    await deleteBefore(PredictionLogged.topic.name, partition, 12);
    register.resetMetrics();
    const monitoring = await start('monitoring', new Recorder(PredictionLogged) as never);
    await eventually(async () => expect(await monitoring.effects()).toHaveLength(8));
    const lost = await register.getSingleMetricAsString('steward_monitoring_events_lost_total');
    expect(lost).toContain(`{topic="${PredictionLogged.topic.name}"} 12`);
  });

  it('stands still where the topic ends before the position of the group', async () => {
    const training = make('training');
    const partitions = [0, 1].map((partition) => ({ topic: ALERTS, partition, next_offset: 1000 }));
    await training.database.kysely
      .insertInto('consumer_position' as never)
      .values(partitions)
      .execute();
    const monitoring = await start('monitoring');
    await monitoring.raise('k');
    await training.start(new Recorder(AlertRaised));
    await eventually(() =>
      expect(training.runtime.report().alarms.join()).toContain('EVENT.OFFSET_OUT_OF_RANGE'),
    );
    expect(await training.effects()).toEqual([]);
  });

  it('stays in its group during work that takes longer than the session', async () => {
    const monitoring = await start('monitoring');
    const recorder = new Recorder(AlertRaised, async ({ subject }) => {
      if (subject === 'slow') await new Promise((resolve) => setTimeout(resolve, 13_000));
      return undefined;
    });
    const training = await start('training', recorder as never);
    await monitoring.raise('slow');
    await eventually(async () => expect(await training.effects()).toHaveLength(1), 40_000);
    await monitoring.raise('slow-not');
    await eventually(async () => expect(await training.effects()).toHaveLength(2));
    expect(recorder.seen.map(({ subject }) => subject)).toEqual(['slow', 'slow-not']);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads what the broker compressed with %s', async (codec) => {
    await withAdmin(broker.brokers, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: ConfigResourceTypes.TOPIC,
            name: ALERTS,
            configEntries: [{ name: 'compression.type', value: codec }],
          },
        ],
      }),
    );
    const monitoring = await start('monitoring');
    const records = Array.from({ length: 100 }, (_, i) =>
      rawAlert('x', PAYLOAD.replace('column-7', `column-${i}`)),
    );
    await monitoring.runtime.bus.append(records);
    const recorder = new Recorder(AlertRaised);
    const training = await start('training', recorder as never);
    await eventually(async () => expect(await training.effects()).toHaveLength(100));
    expect(recorder.seen.map(({ payload }) => payload)).toEqual(
      records.map(({ value }) => JSON.parse(value.toString()) as unknown),
    );
  });

  it('makes topics on purpose, with their partitions and retention, and none by a typo', async () => {
    const monitoring = await start('monitoring');
    const typo = { ...rawAlert('x', PAYLOAD), topic: 'steward.monitoring.alerts.v1', partition: 0 };
    await expect(monitoring.runtime.bus.append([typo])).rejects.toMatchObject({ kind: expect.any(String) });
    await withAdmin(broker.brokers, async (admin) => {
      expect(await admin.listTopics()).not.toContain('steward.monitoring.alerts.v1');
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [Topics.prediction, Topics.alert].map(({ name }) => ({
          type: ConfigResourceTypes.TOPIC,
          name,
        })),
      });
      const retention = resources.map(
        ({ configEntries }) =>
          configEntries.find(({ configName }) => configName === 'retention.ms')?.configValue,
      );
      expect(retention).toEqual([String(30 * 86_400_000), '-1']);
      const { topics } = await admin.fetchTopicMetadata({
        topics: [Topics.prediction.name, `${ALERTS}.dlq`],
      });
      const counts = Object.fromEntries(topics.map((topic) => [topic.name, topic.partitions.length]));
      expect(counts).toEqual({ [Topics.prediction.name]: 4, [`${ALERTS}.dlq`]: 1 });
    });
    await withAdmin(broker.brokers, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: ALERTS, count: 5 }] }),
    );
    await eventually(() =>
      expect(ensureKafkaTopics({ brokers: broker.brokers })).rejects.toMatchObject({
        code: 'EVENT.PARTITIONS_CHANGED',
      }),
    );
  });

  it('writes CloudEvents that the npm package of that name reads', async () => {
    const monitoring = await start('monitoring');
    const id = await monitoring.raise('alert-1');
    const consumer = createKafka('reader', broker.brokers).consumer({ groupId: 'cloudevents-reader' });
    const message = await new Promise<Message>((resolve, reject) => {
      const read = async (): Promise<void> => {
        await consumer.connect();
        await consumer.subscribe({ topic: ALERTS, fromBeginning: true });
        await consumer.run({ eachMessage: (payload) => Promise.resolve(resolve(payload.message)) });
      };
      read().catch(reject);
    });
    await consumer.disconnect();
    const headers = Object.fromEntries(
      Object.entries(message.headers ?? {}).map(([key, value]) => [key, String(value)]),
    );
    const event = CloudEventsKafka.toEvent({
      headers,
      key: String(message.key),
      value: String(message.value),
      body: String(message.value),
      timestamp: undefined,
    } as never) as CloudEvent<{ alertId: string }>;
    expect(event).toMatchObject({
      id,
      specversion: '1.0',
      type: 'alert.raised',
      source: 'monitoring',
      subject: 'alert-1',
      datacontenttype: 'application/json',
      stewardproject: 'lending-1',
      stewardactor: 'person-1',
    });
    expect(event.data).toMatchObject({ alertId: 'alert-1' });
    expect(event.validate()).toBe(true);
  });
});
