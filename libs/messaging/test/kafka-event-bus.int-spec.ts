import { describeEventBus } from '../src/event-bus.contract';
import { ensureKafkaTopics } from '../src/kafka/kafka-topics';
import { createBusDatabase, type BusDatabase } from './support/bus-database';
import { eventually } from './support/eventually';
import { describeWithKafka, KafkaBroker } from './support/kafka-broker';

describeWithKafka('on a real broker', () => {
  let broker: KafkaBroker;
  let database: BusDatabase;

  beforeAll(async () => {
    broker = await KafkaBroker.start();
  }, 180_000);

  afterAll(() => broker.dispose());

  beforeEach(async () => {
    await broker.clear();
    database = await createBusDatabase();
    // Topics that were just deleted may still be there for a moment.
    await eventually(() => ensureKafkaTopics({ brokers: broker.brokers }));
  });

  afterEach(() => database.dispose());

  describeEventBus('Kafka', () => ({
    bus: 'kafka',
    brokers: broker.brokers,
    urlOf: (service) => database.urlOf(service),
  }));
});
