import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Kysely } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { SecondFactorRepository, type SecondFactor } from './second-factor.repository';

type Unit = UnitOfWork<GovernanceTables>;

/** The key, of 32 bytes, under which secrets are kept. A function, for it is made when it is first needed. */
export abstract class SecondFactorKey {
  abstract read(): Buffer;
}

/** Secrets are kept under AES-256-GCM, bound to their holder, with a key that is not in the database. */
@Injectable()
export class PgSecondFactorRepository extends SecondFactorRepository {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly key: SecondFactorKey,
  ) {
    super();
  }

  async find(principalId: string, unit?: Unit): Promise<SecondFactor | null> {
    const on: Kysely<GovernanceTables> = unit?.tx ?? this.database.kysely;
    const row = await on
      .selectFrom('second_factors')
      .selectAll()
      .where('principal_id', '=', principalId)
      .executeTakeFirst();
    if (!row) return null;
    const secret = open(this.key.read(), row.secret, principalId);
    return { secret, confirmed: row.confirmed_at !== null, lastStep: Number(row.last_step) };
  }

  async begin(unit: Unit, principalId: string, secret: string, at: string): Promise<void> {
    const sealed = seal(this.key.read(), secret, principalId);
    await unit.tx
      .insertInto('second_factors')
      .values({ principal_id: principalId, secret: sealed, confirmed_at: null, last_step: 0, created_at: at })
      .onConflict((conflict) =>
        conflict
          .column('principal_id')
          .doUpdateSet({ secret: sealed, last_step: 0, created_at: at })
          .where('second_factors.confirmed_at', 'is', null),
      )
      .execute();
  }

  async confirm(unit: Unit, principalId: string, at: string, digests: readonly string[]): Promise<void> {
    await unit.tx
      .updateTable('second_factors')
      .set({ confirmed_at: at })
      .where('principal_id', '=', principalId)
      .execute();
    await unit.tx.deleteFrom('recovery_codes').where('principal_id', '=', principalId).execute();
    await unit.tx
      .insertInto('recovery_codes')
      .values(digests.map((digest) => ({ principal_id: principalId, digest, used_at: null })))
      .execute();
  }

  async takeStep(unit: Unit, principalId: string, step: number): Promise<boolean> {
    const taken = await unit.tx
      .updateTable('second_factors')
      .set({ last_step: step })
      .where('principal_id', '=', principalId)
      .where('last_step', '<', step)
      .returning('principal_id')
      .executeTakeFirst();
    return taken !== undefined;
  }

  async takeRecoveryCode(unit: Unit, principalId: string, digest: string, at: string): Promise<boolean> {
    const taken = await unit.tx
      .updateTable('recovery_codes')
      .set({ used_at: at })
      .where('principal_id', '=', principalId)
      .where('digest', '=', digest)
      .where('used_at', 'is', null)
      .returning('digest')
      .executeTakeFirst();
    return taken !== undefined;
  }

  async remove(unit: Unit, principalId: string): Promise<boolean> {
    await unit.tx.deleteFrom('recovery_codes').where('principal_id', '=', principalId).execute();
    const removed = await unit.tx
      .deleteFrom('second_factors')
      .where('principal_id', '=', principalId)
      .returning('principal_id')
      .executeTakeFirst();
    return removed !== undefined;
  }
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

function seal(key: Buffer, secret: string, holder: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(holder));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

function open(key: Buffer, text: string, holder: string): string {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(holder))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
    'utf8',
  );
}
