import type { Kysely, Transaction } from 'kysely';

/**
 * Stands for the tables of whoever calls. Kysely's types are invariant: a `Transaction<TrainingTables>` is no
 * `Transaction<unknown>`, so a library that takes any service's unit of work must say `any`.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- see above
export type AnyTables = any;

/**
 * One business transaction. It is passed in signatures, never ambient. Kysely's types come from the schema of the
 * caller: `Database<TrainingTables>` in an app; libraries that add tables of their own narrow with `.$cast()`.
 */
// `any`: a library that does not name tables (outbox, audit) takes the unit of work of every app. With `unknown` Kysely's
// invariance would refuse them all.
// oxlint-disable-next-line typescript/no-explicit-any
export interface UnitOfWork<Tables = any> {
  readonly tx: Transaction<Tables>;
  /** Runs inside the transaction, after the work and before COMMIT, in order of registration (outbox, audit). */
  beforeCommit(hook: () => Promise<void>): void;
  /** Runs after COMMIT succeeded; its failure is logged and does not undo anything. */
  afterCommit(hook: () => void | Promise<void>): void;
}

/** A service's own schema. Abstract class = injection token. */
export abstract class Database<Tables = AnyTables> {
  /** For reads outside a transaction. `search_path` is the service's schema alone. */
  abstract readonly kysely: Kysely<Tables>;

  /**
   * Runs `work` in one transaction (read committed) and commits if it resolves. Serialisation failures and
   * deadlocks are tried again up to 5 times, so `work` must have no effect outside the transaction.
   * Throws AppError `DATABASE.UNAVAILABLE` (retriable) when the server is away.
   */
  abstract transaction<Result>(work: (unit: UnitOfWork<Tables>) => Promise<Result>): Promise<Result>;
}
