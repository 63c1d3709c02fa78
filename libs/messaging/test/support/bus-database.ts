import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Services, type ServiceName } from '@steward/contracts';
import { migrate, roleOf } from '@steward/database';
import { Client } from 'pg';
import { eventLogSchema, messagingMigrations } from '../../src/index';

const PASSWORD = 'steward-test-password';

export interface BusDatabase {
  readonly ownerUrl: string;
  urlOf(service: ServiceName): string;
  dispose(): Promise<void>;
}

async function once(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A fresh database with all services' schemas and the tables of test/migrations, on the server of this URL. */
export async function createBusDatabase(
  serverUrl = process.env.STEWARD_TEST_POSTGRES_URL,
): Promise<BusDatabase> {
  if (!serverUrl) throw new Error('There is no test server.');
  const name = `bus_${randomBytes(8).toString('hex')}`;
  const at = (change: Partial<URL>): string =>
    Object.assign(new URL(serverUrl), change, { pathname: `/${name}` }).href;
  await once(serverUrl, `CREATE DATABASE ${name}`);
  const ownerUrl = at({});
  await migrate({
    ownerUrl,
    services: Services.map((service) => ({
      name: service,
      password: PASSWORD,
      migrations: [messagingMigrations, join(__dirname, '..', 'migrations')],
    })),
    shared: [eventLogSchema],
  });
  return {
    ownerUrl,
    urlOf: (service) => at({ username: roleOf(service), password: PASSWORD }),
    dispose: () => once(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}
