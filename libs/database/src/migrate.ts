import { errors } from '@steward/kernel';
import { Client } from 'pg';
import { mapDatabaseError } from './map-database-error';
import { readMigrations, type MigrationFile } from './migration-files';
import { scramVerifier } from './scram-verifier';

/** Runs one statement as the owner. */
export type OwnerQuery = <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;

/** A service's schema `<name>` and its role `steward_<name>`. */
export interface ServiceMigration {
  readonly name: string;
  /** Password of the role `steward_<name>`; set anew each time. */
  readonly password: string;
  /** Folders of SQL files, applied in this order, each in the order of its numbers. */
  readonly migrations: readonly string[];
  /** Further schemas that the role owns and fills itself, for example `training_jobs` for pg-boss. */
  readonly ownedSchemas?: readonly string[];
}

/** A schema that belongs to the owner and that every service may use as the files grant. */
export interface SharedMigration {
  readonly schema: string;
  readonly migrations: readonly string[];
  /** Runs after the files, each time: registers topics. */
  readonly after?: (query: OwnerQuery) => Promise<void>;
}

export interface MigrationPlan {
  /** A role that may create schemas and roles. Used by this step alone. */
  readonly ownerUrl: string;
  readonly services: readonly ServiceMigration[];
  readonly shared?: readonly SharedMigration[];
}

const ROLE_TRIES = 10;
const IDENTIFIER = /^[a-z][a-z0-9_]{0,62}$/;
/** Two migration steps at once wait for each other on this advisory lock. */
const LOCK = 7_305_804_219;

/** The role of a service. */
export const roleOf = (service: string): string => `steward_${service}`;

function checkIdentifier(name: string): string {
  if (IDENTIFIER.test(name)) return name;
  throw errors.invalid(
    'DATABASE.NAME_INVALID',
    `"${name}" cannot name a schema: lower-case letters, digits, _.`,
  );
}

/**
 * Brings a database to what this build needs: schemas, roles, tables, grants. Forward only; each file runs once per
 * schema in its own transaction and is recorded with its checksum. Safe to run again and by several at once.
 * Throws `DATABASE.MIGRATION_CHANGED` for a file that differs from what was applied, `DATABASE.MIGRATION_UNKNOWN` for
 * a database that a newer build has migrated, `DATABASE.MIGRATION_FAILED` with the file's name.
 */
export async function migrate(plan: MigrationPlan): Promise<void> {
  const client = new Client({ connectionString: plan.ownerUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await prepare(client);
    for (const service of plan.services) await createService(client, service);
    for (const shared of plan.shared ?? []) await migrateShared(client, shared);
    for (const service of plan.services) await migrateService(client, service);
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function prepare(client: Client): Promise<void> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS migrations;
    CREATE TABLE IF NOT EXISTS migrations.applied (
      schema text NOT NULL, source text NOT NULL, file text NOT NULL, checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (schema, source, file))`);
  const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
  await client.query(`REVOKE ALL ON DATABASE ${rows[0]!.name} FROM PUBLIC`);
  await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
}

async function createService(client: Client, service: ServiceMigration): Promise<void> {
  const schema = checkIdentifier(service.name);
  const role = roleOf(schema);
  await ensureRole(client, role, schema, scramVerifier(service.password));
  const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
  await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${rows[0]!.name} TO ${role}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
  // At creation only, so that a file may take rights away again, for example from an append-only table.
  await client.query(`
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT EXECUTE ON FUNCTIONS TO ${role}`);
  for (const owned of service.ownedSchemas ?? []) {
    // An owner that is no superuser must be a member of the role to give it a schema.
    await client.query(`GRANT ${role} TO CURRENT_USER`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${checkIdentifier(owned)} AUTHORIZATION ${role}`);
  }
}

/** Roles belong to the server, our lock to the database: migrating two databases at once, we may meet another's change. */
async function ensureRole(client: Client, role: string, schema: string, verifier: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      if (found.rowCount === 0) await client.query(`CREATE ROLE ${role} LOGIN NOINHERIT`);
      await client.query(`ALTER ROLE ${role} LOGIN PASSWORD '${verifier}'`);
      await client.query(`ALTER ROLE ${role} SET search_path = ${schema}`);
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      // XX000: tuple concurrently updated. 23505, 42710: the other one created it first.
      if (attempt >= ROLE_TRIES || (code !== 'XX000' && code !== '23505' && code !== '42710')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
    }
  }
}

async function migrateService(client: Client, service: ServiceMigration): Promise<void> {
  await applyFolders(client, service.name, service.migrations);
}

async function migrateShared(client: Client, shared: SharedMigration): Promise<void> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${checkIdentifier(shared.schema)}`);
  await applyFolders(client, shared.schema, shared.migrations);
  await shared.after?.(async <Row>(sql: string, parameters: readonly unknown[] = []) => {
    const result = await client.query(sql, [...parameters]);
    return result.rows as Row[];
  });
}

async function applyFolders(client: Client, schema: string, folders: readonly string[]): Promise<void> {
  const files = (await Promise.all(folders.map(readMigrations))).flat();
  const applied = await client.query<{ source: string; file: string; checksum: string }>(
    'SELECT source, file, checksum FROM migrations.applied WHERE schema = $1',
    [schema],
  );
  const known = new Map(applied.rows.map((row) => [`${row.source}/${row.file}`, row.checksum]));
  const here = new Set(files.map((file) => `${file.source}/${file.name}`));
  const unknown = [...known.keys()].find((name) => !here.has(name));
  if (unknown) {
    throw errors.conflict(
      'DATABASE.MIGRATION_UNKNOWN',
      `The schema ${schema} holds the migration ${unknown}, which this build does not have. Run the newer build.`,
    );
  }
  for (const file of files) await applyOnce(client, schema, file, known.get(`${file.source}/${file.name}`));
}

async function applyOnce(
  client: Client,
  schema: string,
  file: MigrationFile,
  applied: string | undefined,
): Promise<void> {
  if (applied === file.checksum) return;
  const name = `${file.source}/${file.name}`;
  if (applied !== undefined) {
    throw errors.conflict(
      'DATABASE.MIGRATION_CHANGED',
      `The migration ${name} was changed after it had been applied to ${schema}. Add a new file instead.`,
    );
  }
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL search_path = ${schema}`);
    await client.query(file.sql);
    await client.query(
      'INSERT INTO migrations.applied (schema, source, file, checksum) VALUES ($1, $2, $3, $4)',
      [schema, file.source, file.name, file.checksum],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const mapped = mapDatabaseError(error);
    if (mapped !== error) throw mapped;
    throw errors.internal(
      'DATABASE.MIGRATION_FAILED',
      `The migration ${name} failed in ${schema}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
