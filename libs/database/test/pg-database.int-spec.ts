import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { sql } from 'kysely';
import { BinaryParts, migrate, PgDatabase, roleOf, type ServiceMigration } from '../src/index';

/** Roles belong to the whole server, where other tests run: these names are this file's own. */
const PASSWORD = 'test-password';

interface Tables {
  thing: { id: string; n: number };
}

describe('PgDatabase and migrate', () => {
  const server = new URL(process.env.STEWARD_TEST_POSTGRES_URL!);
  let folder: string;
  let name: string;
  let ownerUrl: string;
  let serviceUrl: string;

  const asOwner = async <Row>(statement: string, url = ownerUrl): Promise<Row[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(statement)).rows as Row[];
    } finally {
      await client.end();
    }
  };

  const services = (): ServiceMigration[] => [
    { name: 'alpha', password: PASSWORD, migrations: [folder], ownedSchemas: ['alpha_jobs'] },
    { name: 'beta', password: PASSWORD, migrations: [folder] },
  ];

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'steward-migrate-')), 'app', 'migrations');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, '0001_thing.sql'),
      'CREATE TABLE thing (id text PRIMARY KEY, n bigint NOT NULL);',
    );
    name = `db_${randomBytes(6).toString('hex')}`;
    await asOwner(`CREATE DATABASE ${name}`, server.href);
    ownerUrl = Object.assign(new URL(server.href), { pathname: `/${name}` }).href;
    serviceUrl = Object.assign(new URL(ownerUrl), { username: roleOf('alpha'), password: PASSWORD }).href;
    await migrate({ ownerUrl, services: services() });
  });

  afterEach(async () => {
    await asOwner(`DROP DATABASE ${name} WITH (FORCE)`, server.href);
    await rm(join(folder, '..', '..'), { recursive: true, force: true });
  });

  const use = async (work: (database: PgDatabase<Tables>) => Promise<void>): Promise<void> => {
    const database = new PgDatabase<Tables>({ url: serviceUrl, poolSize: 4 });
    try {
      await work(database);
    } finally {
      await database.close();
    }
  };

  it('runs the hooks around COMMIT in order, also those that hooks add, and keeps what was written', () =>
    use(async (database) => {
      const order: string[] = [];
      const result = await database.transaction(async (unit) => {
        unit.beforeCommit(async () => {
          order.push('before');
          unit.beforeCommit(async () => void order.push(await Promise.resolve('added')));
          await unit.tx.insertInto('thing').values({ id: 'b', n: 2 }).execute();
        });
        unit.afterCommit(() => void order.push('after'));
        unit.afterCommit(() => {
          throw new Error('logged, and nothing else');
        });
        await unit.tx.insertInto('thing').values({ id: 'a', n: 9_007_199_254_740_991 }).execute();
        order.push('work');
        return 7;
      });
      expect(result).toBe(7);
      expect(order).toEqual(['work', 'before', 'added', 'after']);
      expect(await database.kysely.selectFrom('thing').selectAll().orderBy('id').execute()).toEqual([
        { id: 'a', n: 9_007_199_254_740_991 },
        { id: 'b', n: 2 },
      ]);
    }));

  it('undoes everything when work or a hook fails, and says what failed', () =>
    use(async (database) => {
      const after = jest.fn();
      const failing = database.transaction(async (unit) => {
        await unit.tx.insertInto('thing').values({ id: 'a', n: 1 }).execute();
        unit.afterCommit(after);
        unit.beforeCommit(() => Promise.reject(new Error('the hook failed')));
      });
      await expect(failing).rejects.toThrow('the hook failed');
      expect(after).not.toHaveBeenCalled();
      expect(await database.kysely.selectFrom('thing').selectAll().execute()).toEqual([]);
      const duplicate = database.transaction(async ({ tx }) => {
        for (const n of [1, 2]) await tx.insertInto('thing').values({ id: 'same', n }).execute();
      });
      await expect(duplicate).rejects.toMatchObject({ code: '23505', constraint: 'thing_pkey' });
    }));

  it('does not pretend to have committed when work swallowed the error of a statement', () =>
    use(async (database) => {
      const after = jest.fn();
      const swallowing = database.transaction(async (unit) => {
        unit.afterCommit(after);
        await unit.tx.insertInto('thing').values({ id: 'a', n: 1 }).execute();
        await sql`SELECT 1 / 0`.execute(unit.tx).catch(() => undefined);
      });
      await expect(swallowing).rejects.toMatchObject({ code: 'DATABASE.ROLLED_BACK' });
      expect(after).not.toHaveBeenCalled();
      expect(await database.kysely.selectFrom('thing').selectAll().execute()).toEqual([]);
    }));

  it('tries a deadlock again until both transactions are done', () =>
    use(async (database) => {
      await database.kysely
        .insertInto('thing')
        .values([
          { id: 'a', n: 0 },
          { id: 'b', n: 0 },
        ])
        .execute();
      let together = 0;
      const both = new Promise<void>((resolve) => setInterval(() => together >= 2 && resolve(), 5).unref());
      const cross = (first: string, second: string): Promise<void> =>
        database.transaction(async ({ tx }) => {
          const add = (id: string) =>
            tx
              .updateTable('thing')
              .set(({ eb }) => ({ n: eb('n', '+', 1) }))
              .where('id', '=', id)
              .execute();
          await add(first);
          together++;
          await both;
          await add(second);
        });
      await Promise.all([cross('a', 'b'), cross('b', 'a')]);
      expect(await database.kysely.selectFrom('thing').select('n').execute()).toEqual([{ n: 2 }, { n: 2 }]);
      expect(together).toBeGreaterThanOrEqual(3);
    }));

  it('survives the loss of its connections, idle or at work, with a retriable error', () =>
    use(async (database) => {
      await database.kysely.selectFrom('thing').selectAll().execute();
      const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${roleOf('alpha')}'
                    AND datname = '${name}'`;
      await asOwner(kill);
      const atWork = database.transaction(async ({ tx }) => {
        await tx.selectFrom('thing').selectAll().execute();
        await asOwner(kill);
        await tx.selectFrom('thing').selectAll().execute();
      });
      await expect(atWork).rejects.toMatchObject({ code: 'DATABASE.UNAVAILABLE', retriable: true });
      expect(await database.kysely.selectFrom('thing').selectAll().execute()).toEqual([]);
      const away = new PgDatabase({ url: 'postgresql://nobody:x@127.0.0.1:1/none' });
      await expect(sql`SELECT 1`.execute(away.kysely)).rejects.toMatchObject({
        code: 'DATABASE.UNAVAILABLE',
      });
      await away.close();
    }));

  describe('a parameter in pieces', () => {
    const large = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
    const parts = () => new BinaryParts([Buffer.from('ab'), Buffer.alloc(0), large, Buffer.from([0, 255])]);
    const whole = parts().toPostgres();
    type Row = { value: Buffer; text: string; none: string | null; other: Buffer; n: number };
    const select = (value: BinaryParts) =>
      sql<Row>`SELECT ${value}::bytea AS value, ${"ä'b"}::text AS text, ${null}::text AS none,
        ${Buffer.from([1, 2])}::bytea AS other, ${7}::int AS n`;
    const expected = [{ value: whole, text: "ä'b", none: null, other: Buffer.from([1, 2]), n: 7 }];

    it('arrives as it is among all kinds of parameters, and is never copied together', () =>
      use(async (database) => {
        const value = parts();
        const joined = jest.spyOn(value, 'toPostgres');
        expect((await select(value).execute(database.kysely)).rows).toEqual(expected);
        expect(joined).not.toHaveBeenCalled();
      }));

    it('that comes with one which cannot be sent leaves a connection that can be used', () =>
      use(async (database) => {
        await database.transaction(async ({ tx }) => {
          const unsendable = {
            toPostgres: () => {
              throw new Error('It cannot be sent.');
            },
          };
          const both = sql`SELECT ${parts()}::bytea, ${unsendable}::text`.execute(tx);
          await expect(both).rejects.toThrow('It cannot be sent.');
          expect((await select(parts()).execute(tx)).rows).toEqual(expected);
        });
      }));

    it('is whole for a client that does not know of pieces', async () => {
      const client = new Client({ connectionString: serviceUrl });
      await client.connect();
      const { rows } = await client.query('SELECT $1::bytea AS value', [parts()]);
      expect(rows).toEqual([{ value: whole }]);
      await client.end();
    });
  });

  it('cancels a statement that takes too long', async () => {
    const database = new PgDatabase({ url: serviceUrl, statementTimeoutMs: 50 });
    await expect(sql`SELECT pg_sleep(5)`.execute(database.kysely)).rejects.toMatchObject({
      code: 'DATABASE.TIMEOUT',
    });
    await database.close();
  });

  it('gives a service its own schema and those that it owns, and no other', () =>
    use(async (database) => {
      await sql`CREATE TABLE alpha_jobs.mine (n int)`.execute(database.kysely);
      for (const statement of ['SELECT * FROM beta.thing', 'CREATE TABLE beta.x (n int)']) {
        await expect(sql.raw(statement).execute(database.kysely)).rejects.toMatchObject({ code: '42501' });
      }
      await expect(sql`ALTER TABLE thing ADD COLUMN more int`.execute(database.kysely)).rejects.toMatchObject(
        {
          code: '42501',
        },
      );
    }));

  it('applies only what is new, and by several at once', async () => {
    await writeFile(join(folder, '0002_more.sql'), 'ALTER TABLE thing ADD COLUMN note text;');
    await Promise.all([1, 2, 3].map(() => migrate({ ownerUrl, services: services() })));
    const rows = await asOwner<{ schema: string; file: string }>(
      'SELECT schema, file FROM migrations.applied ORDER BY 1, 2',
    );
    expect(rows.map(({ schema, file }) => `${schema} ${file}`)).toEqual([
      'alpha 0001_thing.sql',
      'alpha 0002_more.sql',
      'beta 0001_thing.sql',
      'beta 0002_more.sql',
    ]);
  });

  it('refuses a changed file, a database that is ahead, and names the file that fails', async () => {
    await writeFile(join(folder, '0002_bad.sql'), 'CREATE TABLE half (n int); SELECT nonsense;');
    await expect(migrate({ ownerUrl, services: services() })).rejects.toMatchObject({
      code: 'DATABASE.MIGRATION_FAILED',
      message: expect.stringContaining('app/0002_bad.sql'),
    });
    expect(await asOwner(`SELECT 1 FROM pg_tables WHERE tablename = 'half'`)).toEqual([]);
    await rm(join(folder, '0002_bad.sql'));
    await writeFile(join(folder, '0001_thing.sql'), 'CREATE TABLE thing (id text);');
    await expect(migrate({ ownerUrl, services: services() })).rejects.toMatchObject({
      code: 'DATABASE.MIGRATION_CHANGED',
    });
    await rm(join(folder, '0001_thing.sql'));
    await expect(migrate({ ownerUrl, services: services() })).rejects.toMatchObject({
      code: 'DATABASE.MIGRATION_UNKNOWN',
    });
    await writeFile(join(folder, 'more.sql'), '');
    await expect(migrate({ ownerUrl, services: services() })).rejects.toMatchObject({
      code: 'DATABASE.MIGRATION_NAME',
    });
  });

  it('changes a password without writing it into a statement', async () => {
    await migrate({
      ownerUrl,
      services: [{ name: 'alpha', password: 'another-password', migrations: [folder] }],
    });
    const client = new Client({ connectionString: serviceUrl });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    await migrate({ ownerUrl, services: services() });
  });
});
