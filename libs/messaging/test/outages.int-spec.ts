import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@steward/database';
import { ensureKafkaTopics } from '../src/index';
import { createBusDatabase, type BusDatabase } from './support/bus-database';
import { describeWithKafka, KafkaBroker } from './support/kafka-broker';
import { surviveOutage } from './support/outage';

jest.setTimeout(240_000);

/** A server of its own, which may be killed, with fsync on. */
class OwnPostgres {
  private constructor(
    private readonly dataDir: string,
    readonly server: EmbeddedPostgres,
    readonly database: BusDatabase,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const dataDir = await mkdtemp(join(tmpdir(), 'steward-outage-'));
    const server = await EmbeddedPostgres.start({ dataDir, stateDir: process.env.STEWARD_STATE_DIR });
    return new OwnPostgres(dataDir, server, await createBusDatabase(server.ownerUrl));
  }

  async dispose(): Promise<void> {
    await this.server.stop();
    await EmbeddedPostgres.remove(this.dataDir);
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

describe('PostgreSQL is killed and restarted', () => {
  let postgres: OwnPostgres;

  beforeAll(async () => {
    postgres = await OwnPostgres.start();
  });

  afterAll(() => postgres.dispose());

  it('loses nothing acknowledged on the PostgreSQL log, and does nothing twice', async () => {
    const sent = await surviveOutage({
      place: { bus: 'postgres', urlOf: (service) => postgres.database.urlOf(service) },
      down: () => postgres.server.kill(),
      awayMs: 2_000,
      up: () => postgres.server.restart(),
    });
    expect(sent.events).toBeGreaterThan(20);
    expect(sent.predictions).toBeGreaterThan(20);
  });
});

describeWithKafka('Kafka', () => {
  let broker: KafkaBroker;
  let database: BusDatabase;

  beforeAll(async () => {
    broker = await KafkaBroker.start();
    database = await createBusDatabase();
    await ensureKafkaTopics({ brokers: broker.brokers });
  });

  afterAll(async () => {
    await database.dispose();
    await broker.dispose();
  });

  it('is stopped for 20 s and restarted: nothing acknowledged is lost, nothing is done twice', async () => {
    const sent = await surviveOutage({
      place: { bus: 'kafka', brokers: broker.brokers, urlOf: (service) => database.urlOf(service) },
      down: () => broker.down(),
      awayMs: 20_000,
      up: () => broker.up(),
    });
    expect(sent.events).toBeGreaterThan(20);
    expect(sent.predictions).toBeGreaterThan(20);
  });
});
