import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { sql } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { PublishedPolicyRepository } from './published-policy.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgPublishedPolicyRepository extends PublishedPolicyRepository {
  async lockStart(unit: Unit): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('governance start', 0))`.execute(unit.tx);
  }

  async nextVersion(unit: Unit, kind: string, name: string, digest: string): Promise<number | null> {
    const row = await unit.tx
      .insertInto('published_policy')
      .values({ kind, name, version: 1, digest })
      .onConflict((conflict) =>
        conflict
          .columns(['kind', 'name'])
          .doUpdateSet({ version: sql`published_policy.version + 1`, digest })
          .where('published_policy.digest', '<>', digest),
      )
      .returning('version')
      .executeTakeFirst();
    return row?.version ?? null;
  }

  async nextBeat(unit: Unit, now: number, notAfter: number): Promise<number | null> {
    const row = await unit.tx
      .updateTable('heartbeat')
      .set({ beat: sql`beat + 1`, at: new Date(now).toISOString() })
      .where('at', '<=', new Date(notAfter))
      .returning('beat')
      .executeTakeFirst();
    return row?.beat ?? null;
  }
}
