import { sql } from 'kysely';

/**
 * The first sequence of the next batch: never below the clock in microseconds. Were the database restored from an old
 * copy, consumers would otherwise take new events for ones that they had seen.
 */
export const nextSequences = sql<number>`greatest(next_sequence,
  floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint)`;
