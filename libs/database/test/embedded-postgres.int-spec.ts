import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../src/index';

const stateDir = process.env.STEWARD_STATE_DIR;

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

describe('EmbeddedPostgres', () => {
  let dataDir: string;
  let postgres: EmbeddedPostgres | undefined;

  beforeEach(async () => {
    // Closed to every other user, as a clone under /root is.
    dataDir = await mkdtemp(join(tmpdir(), 'steward-pg-'));
    await chmod(dataDir, 0o700);
  });

  afterEach(async () => {
    await postgres?.stop();
    await EmbeddedPostgres.remove(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  it('runs from a data folder that is closed to others and keeps its data over a stop', async () => {
    postgres = await EmbeddedPostgres.start({ dataDir, stateDir });
    await query(postgres.ownerUrl, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    const url = postgres.ownerUrl;
    await postgres.stop();
    expect(postgres.running).toBe(false);
    postgres = await EmbeddedPostgres.start({ dataDir, stateDir });
    expect(postgres.ownerUrl).toBe(url);
    expect(await query(postgres.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('asks for the password, listens on 127.0.0.1 alone and syncs to disk', async () => {
    postgres = await EmbeddedPostgres.start({ dataDir, stateDir });
    await expect(query(postgres.url('steward', 'wrong-password'), 'SELECT 1')).rejects.toMatchObject({
      code: '28P01',
    });
    const [row] = await query<{ fsync: string; listen: string; sockets: string }>(
      postgres.ownerUrl,
      `SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS listen,
              current_setting('unix_socket_directories') AS sockets`,
    );
    expect(row).toEqual({ fsync: 'on', listen: '127.0.0.1', sockets: '' });
    expect((await stat(join(dataDir, 'postgres.secret.json'))).mode & 0o077).toBe(0);
  });

  it('tells of a crash, and recovers what was committed at the same address', async () => {
    postgres = await EmbeddedPostgres.start({ dataDir, stateDir });
    const url = postgres.ownerUrl;
    await query(url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    const told = new Promise<string>((resolve) => postgres!.onUnexpectedExit(resolve));
    await postgres.kill();
    await told;
    await postgres.restart();
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('refuses a data folder that another server holds, in a bounded time', async () => {
    postgres = await EmbeddedPostgres.start({ dataDir, stateDir });
    await expect(EmbeddedPostgres.start({ dataDir, stateDir, port: 1 })).rejects.toMatchObject({
      code: 'DATABASE.START_FAILED',
    });
  });

  it('says so when the folder that its pointer names is gone', async () => {
    await writeFile(join(dataDir, 'postgres.pointer.json'), JSON.stringify({ home: '/nowhere/at-all' }));
    await expect(EmbeddedPostgres.start({ dataDir, stateDir })).rejects.toMatchObject({
      code: 'DATABASE.DATA_MISSING',
    });
  });
});
