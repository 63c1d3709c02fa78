import { Logger } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Client, Pool, types, type ClientConfig } from 'pg';
import { writeInPieces } from './binary-parts';
import { Database, type AnyTables, type UnitOfWork } from './database';
import { isContention, mapDatabaseError } from './map-database-error';
import { mappedPool } from './mapped-pool';

export interface PgDatabaseOptions {
  /** The service's own role. Its `search_path` was set to the service's schema by {@link migrate}. */
  readonly url: string;
  /** Connections at most. Default 10. */
  readonly poolSize?: number;
  /** Milliseconds after which a statement is cancelled. Default 60,000. */
  readonly statementTimeoutMs?: number;
  /** Shown in pg_stat_activity. Default `steward`. */
  readonly applicationName?: string;
}

const TRIES = 5;
const INT8 = 20;

/** bigint as a number; offsets and counts stay far below 2^53, and one beyond would be refused rather than rounded. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The bigint ${text} does not fit a JavaScript number.`);
  return value;
}

const typeParsers: ClientConfig['types'] = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? parseInt8 : types.getTypeParser(oid, format),
};

/** One transaction with its hooks. */
class PgUnitOfWork<Tables> implements UnitOfWork<Tables> {
  readonly before: (() => Promise<void>)[] = [];
  readonly after: (() => void | Promise<void>)[] = [];

  constructor(readonly tx: Transaction<Tables>) {}

  beforeCommit(hook: () => Promise<void>): void {
    this.before.push(hook);
  }

  afterCommit(hook: () => void | Promise<void>): void {
    this.after.push(hook);
  }

  /** Hooks may register further hooks; those run too. */
  async runBefore(): Promise<void> {
    for (let hook = this.before.shift(); hook; hook = this.before.shift()) await hook();
  }
}

/**
 * PostgreSQL through a pool of connections and Kysely. Survives the server: a lost connection is logged and replaced,
 * and callers get the retriable `DATABASE.UNAVAILABLE` until the server is back.
 */
export class PgDatabase<Tables = AnyTables> extends Database<Tables> {
  private readonly logger = new Logger(PgDatabase.name);
  private readonly pool: Pool;
  readonly kysely: Kysely<Tables>;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: PgDatabaseOptions) {
    super();
    this.pool = new Pool({
      ...this.clientConfig(),
      max: options.poolSize ?? 10,
      idleTimeoutMillis: 30_000,
    });
    // Without a listener a connection that breaks while it is idle would end the process.
    this.pool.on('error', (error) => this.logger.warn(`An idle database connection broke: ${error.message}`));
    this.pool.on('connect', (client) => {
      client.on('error', () => undefined);
      writeInPieces(client);
    });
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: mappedPool(this.pool) }) });
  }

  private clientConfig(): ClientConfig {
    return {
      connectionString: this.options.url,
      application_name: this.options.applicationName ?? 'steward',
      connectionTimeoutMillis: 5_000,
      statement_timeout: this.options.statementTimeoutMs ?? 60_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      types: typeParsers,
    };
  }

  transaction<Result>(work: (unit: UnitOfWork<Tables>) => Promise<Result>): Promise<Result> {
    return this.retried(() => this.attempt(work));
  }

  /** One statement, which commits by itself: one way to the server instead of three. Tried again as a transaction is. */
  statement<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    return this.retried(() => work(this.kysely));
  }

  private async retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!isContention(error)) throw error;
        if (tries >= TRIES) {
          throw errors.unavailable(
            'DATABASE.CONTENDED',
            `The transaction met others ${TRIES} times in a row. Try again.`,
            { cause: error },
          );
        }
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** tries));
      }
    }
  }

  private async attempt<Result>(work: (unit: UnitOfWork<Tables>) => Promise<Result>): Promise<Result> {
    let failure: { readonly error: unknown } | undefined;
    let after: PgUnitOfWork<Tables>['after'] = [];
    const result = await this.kysely
      .transaction()
      .execute(async (tx) => {
        const unit = new PgUnitOfWork<Tables>(tx);
        try {
          const value = await work(unit);
          await unit.runBefore();
          after = unit.after;
          return value;
        } catch (error) {
          failure = { error };
          throw error;
        }
      })
      .catch((error: unknown) => {
        // A failing ROLLBACK must not hide why it was needed.
        throw mapDatabaseError(failure ? failure.error : error);
      });
    await this.runAfter(after);
    return result;
  }

  private async runAfter(hooks: PgUnitOfWork<Tables>['after']): Promise<void> {
    for (const hook of hooks) {
      try {
        await hook();
      } catch (error) {
        this.logger.error(`A hook after COMMIT failed: ${String(error)}`, (error as Error)?.stack);
      }
    }
  }

  /**
   * A connection of its own beside the pool, for LISTEN and for locks that live as long as a session. The caller ends
   * it. `onLost` is called once if it breaks. Throws `DATABASE.UNAVAILABLE`.
   */
  async connect(onLost: (error: Error) => void): Promise<Client> {
    const client = new Client({
      ...this.clientConfig(),
      idle_in_transaction_session_timeout: undefined,
    });
    let connected = false;
    client.on('error', (error) => {
      if (connected) onLost(error);
      connected = false;
    });
    client.on('end', () => {
      if (connected) onLost(new Error('The connection was closed.'));
      connected = false;
    });
    try {
      await client.connect();
      connected = true;
      return client;
    } catch (error) {
      throw mapDatabaseError(error);
    }
  }

  /** A second pool on the same URL, for work that must not wait behind the requests of this one. */
  sibling<Others = AnyTables>(options: Partial<Omit<PgDatabaseOptions, 'url'>>): PgDatabase<Others> {
    return new PgDatabase<Others>({ ...this.options, ...options });
  }

  /** Waits for running statements and closes all connections of the pool. */
  close(): Promise<void> {
    this.closing ??= this.pool.end();
    return this.closing;
  }
}
