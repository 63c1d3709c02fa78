import { errors } from '@steward/kernel';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { mapDatabaseError } from './map-database-error';

/** PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement of the transaction had failed before. */
function checkCommitted(command: string): void {
  if (command === 'COMMIT') return;
  throw errors.internal(
    'DATABASE.ROLLED_BACK',
    'Nothing was committed: a statement of the transaction failed, and its error was caught and not thrown on.',
  );
}

/** A connection of the pool whose errors are mapped by {@link mapDatabaseError}. */
function mappedClient(client: PoolClient): PostgresPoolClient {
  const query = async (sql: string, parameters: readonly unknown[]): Promise<unknown> => {
    try {
      const result = await client.query(sql, [...parameters]);
      if (sql === 'commit') checkCommitted(result.command);
      return result;
    } catch (error) {
      throw mapDatabaseError(error);
    }
  };
  return { query: query as PostgresPoolClient['query'], release: () => client.release() };
}

/** What Kysely needs of a pool, with errors mapped, so that no caller ever sees a raw socket error. */
export function mappedPool(pool: Pool): PostgresPool {
  const wrapped = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    async connect() {
      try {
        const client = await pool.connect();
        const known = wrapped.get(client) ?? mappedClient(client);
        wrapped.set(client, known);
        return known;
      } catch (error) {
        throw mapDatabaseError(error);
      }
    },
    end: () => pool.end(),
  };
}
