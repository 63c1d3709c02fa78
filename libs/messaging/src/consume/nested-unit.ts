import type { AnyTables, UnitOfWork } from '@steward/database';
import { sql, type Transaction } from 'kysely';

/**
 * A unit of work inside another, under a savepoint: one handler's effects, its outgoing events included, are kept or
 * dropped without those of the handlers beside it.
 */
class NestedUnit implements UnitOfWork {
  readonly before: (() => Promise<void>)[] = [];
  readonly after: (() => void | Promise<void>)[] = [];

  constructor(readonly tx: Transaction<AnyTables>) {}

  beforeCommit(hook: () => Promise<void>): void {
    this.before.push(hook);
  }

  afterCommit(hook: () => void | Promise<void>): void {
    this.after.push(hook);
  }
}

/** Runs `work` under a savepoint. `keep` says whether its effects stay; if it throws, they do not. */
export async function nested<Result>(
  unit: UnitOfWork,
  work: (inner: UnitOfWork) => Promise<Result>,
  keep: (result: Result) => boolean,
): Promise<Result> {
  const inner = new NestedUnit(unit.tx);
  await sql`SAVEPOINT handler`.execute(unit.tx);
  try {
    const result = await work(inner);
    if (keep(result)) {
      for (let hook = inner.before.shift(); hook; hook = inner.before.shift()) await hook();
      await sql`RELEASE SAVEPOINT handler`.execute(unit.tx);
      for (const hook of inner.after) unit.afterCommit(hook);
    } else {
      await sql`ROLLBACK TO SAVEPOINT handler`.execute(unit.tx);
    }
    return result;
  } catch (error) {
    await sql`ROLLBACK TO SAVEPOINT handler`.execute(unit.tx);
    throw error;
  }
}
