import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errors } from '@steward/kernel';

/** One SQL file, applied once per schema and for ever. */
export interface MigrationFile {
  /** Whose file: `training` of apps/training/migrations, `messaging/service` of libs/messaging/migrations/service. */
  readonly source: string;
  /** `0001_init.sql` */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text. */
  readonly checksum: string;
}

const FILE = /^\d{4}_[a-z0-9_]+\.sql$/;

/** `apps/training/migrations` -> `training`; `libs/messaging/migrations/service` -> `messaging/service`. */
export function migrationSource(folder: string): string {
  const rest: string[] = [];
  let current = resolve(folder);
  while (basename(current) !== 'migrations') {
    if (dirname(current) === current) {
      throw errors.invalid(
        'DATABASE.MIGRATION_FOLDER',
        `${folder} does not lie in a folder named migrations.`,
      );
    }
    rest.unshift(basename(current));
    current = dirname(current);
  }
  return [basename(dirname(current)), ...rest].join('/');
}

/** The SQL files of a folder in the order of their numbers. Throws on a missing folder and on names it cannot order. */
export async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const source = migrationSource(folder);
  const names = (await readdir(folder).catch(() => undefined))?.filter((name) => !name.startsWith('.'));
  if (!names) throw errors.invalid('DATABASE.MIGRATION_FOLDER', `There is no migration folder ${folder}.`);
  const odd = names.find((name) => !FILE.test(name));
  if (odd) {
    throw errors.invalid(
      'DATABASE.MIGRATION_NAME',
      `${source}/${odd} is not named like 0001_what_it_does.sql.`,
    );
  }
  const numbers = new Set(names.map((name) => name.slice(0, 4)));
  if (numbers.size !== names.length) {
    throw errors.invalid('DATABASE.MIGRATION_NAME', `Two files in ${source} have the same number.`);
  }
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { source, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
