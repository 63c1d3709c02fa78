import { AppError, errors } from '@steward/kernel';

/** Node.js error codes of a server that cannot be reached or went away. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);

/** SQLSTATE: 57P01-57P03 shutdown, crash, starting up; 57P05 idle; 53300 too many connections; 25P03 idle in transaction. */
const AWAY_STATES = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25P03']);

/** What pg says of a broken connection without giving a code. */
const AWAY_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|Client was closed|Connection ended|Cannot use a pool after calling end/i;

/** SQLSTATE: 22021 and 22P05, a NUL character in a text or in JSON, which PostgreSQL does not store. */
const TEXT_STATES = new Set(['22021', '22P05']);

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** True if the database could not be reached or the connection broke, so that nothing can be said about the data. */
export function isConnectionError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const code = codeOf(error);
  if (SOCKET_CODES.has(code) || AWAY_STATES.has(code) || code.startsWith('08')) return true;
  if (error instanceof AggregateError) return error.errors.some(isConnectionError);
  return AWAY_MESSAGE.test((error as Error).message);
}

/** True for SQLSTATE 40001 (serialisation failure) and 40P01 (deadlock): the same transaction may be tried again. */
export function isContention(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/**
 * Gives errors that say nothing about the statement itself a retriable AppError: `DATABASE.UNAVAILABLE` for a server
 * that is away, `DATABASE.TIMEOUT` for a statement or lock that took too long. A text that PostgreSQL cannot hold is the
 * caller's fault: `DATABASE.TEXT_INVALID` (invalid). All others (constraints, syntax) come
 * back as they are, with pg's `code` and `constraint`, for the adapter that knows what they mean.
 */
export function mapDatabaseError(error: unknown): unknown {
  if (AppError.is(error)) return error;
  if (isConnectionError(error)) {
    return errors.unavailable(
      'DATABASE.UNAVAILABLE',
      'The database cannot be reached at the moment. Try again.',
      {
        cause: error,
      },
    );
  }
  if (codeOf(error) === '57014' || codeOf(error) === '55P03') {
    return errors.unavailable('DATABASE.TIMEOUT', 'The database took too long to answer. Try again.', {
      cause: error,
    });
  }
  if (TEXT_STATES.has(codeOf(error))) {
    return errors.invalid(
      'DATABASE.TEXT_INVALID',
      'A text holds a NUL character, which cannot be stored. Remove it.',
      {
        cause: error,
      },
    );
  }
  return error;
}
