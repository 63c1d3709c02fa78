import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allTopics, type ServiceName } from '@steward/contracts';
import { migrate, roleOf, type MigrationPlan } from '@steward/database';
import { eventLogSchema, messagingMigrations } from '@steward/messaging';
import { Client } from 'pg';

export interface TestDatabaseOptions {
  /** Services whose schemas are made; each gets the tables of messaging, access and its own app. */
  readonly services: readonly ServiceName[];
  /** Further folders of SQL files for every service of this database. */
  readonly migrations?: readonly string[];
  /** Only the tables of messaging (and `migrations`): for the tests of libraries. */
  readonly bare?: boolean;
}

/** A database of its own for one test file. */
export interface TestDatabase {
  /** For the test's own look at tables; services use {@link urlOf}. */
  readonly ownerUrl: string;
  urlOf(service: ServiceName): string;
  /** Ends all sessions and deletes the database. */
  dispose(): Promise<void>;
}

const ROOT = join(__dirname, '..', '..', '..');
const PASSWORD = 'steward-test-password';
/** Advisory lock under which one process at a time makes templates; roles belong to the whole server. */
const TEMPLATE_LOCK = 51_877_003;

function serverUrl(): string {
  const url = process.env.STEWARD_TEST_POSTGRES_URL;
  if (url) return url;
  throw new Error('There is no test server: only *.int-spec.ts and *.e2e-spec.ts files under test/ get one.');
}

function onDatabase(url: string, database: string, user?: string, password?: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  if (user) parsed.username = user;
  if (password) parsed.password = password;
  return parsed.toString();
}

/** The folders of SQL files that a service's schema is made of, in their order. */
export function migrationFolders(service: ServiceName): string[] {
  const own = [join(ROOT, 'libs', 'access', 'migrations'), join(ROOT, 'apps', service, 'migrations')];
  const present = own.filter(
    (folder) => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.sql')),
  );
  return [messagingMigrations, ...present];
}

function planOf(options: TestDatabaseOptions, ownerUrl: string): MigrationPlan {
  return {
    ownerUrl,
    services: options.services.map((name) => ({
      name,
      password: PASSWORD,
      migrations: [
        ...(options.bare ? [messagingMigrations] : migrationFolders(name)),
        ...(options.migrations ?? []),
      ],
      ownedSchemas: name === 'training' ? ['training_jobs'] : [],
    })),
    shared: [eventLogSchema],
  };
}

/** Changes with every SQL file and topic, so that a kept template is never an old one. */
function templateName(plan: MigrationPlan): string {
  const hash = createHash('sha256').update(JSON.stringify(allTopics));
  const folders = [
    ...plan.services.flatMap(({ name, migrations }) => [name, ...migrations]),
    ...(plan.shared ?? []).flatMap(({ migrations }) => migrations),
  ];
  for (const folder of folders) {
    hash.update(`${folder}\n`);
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)));
  }
  return `template_${hash.digest('hex').slice(0, 24)}`;
}

async function withServer<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: onDatabase(serverUrl(), 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ensureTemplate(client: Client, options: TestDatabaseOptions): Promise<string> {
  const name = templateName(planOf(options, ''));
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 1) return name;
  const draft = `${name}_draft`;
  await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${draft}`);
  await migrate(planOf(options, onDatabase(serverUrl(), draft)));
  await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  return name;
}

/** A fresh, migrated database on the Jest run's server: copied from a template, so it takes some 50 ms. */
export async function createTestDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withServer(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const template = await ensureTemplate(client, options);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    // Grants on a database are not copied with it.
    await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    for (const service of options.services) {
      await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${roleOf(service)}`);
    }
  });
  return {
    ownerUrl: onDatabase(serverUrl(), name),
    urlOf: (service) => onDatabase(serverUrl(), name, roleOf(service), PASSWORD),
    dispose: () =>
      withServer(async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}
