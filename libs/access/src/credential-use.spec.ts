import { Database, type UnitOfWork } from '@steward/database';
import { FixedClock } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { CredentialUse } from './credential-use';

const clock = new FixedClock();
let told: { keyId: string; at: string }[][];
let away: boolean;
let use: CredentialUse;

beforeEach(() => {
  told = [];
  away = false;
  const database = {
    transaction: (work: (unit: UnitOfWork) => Promise<unknown>) =>
      away ? Promise.reject(new Error('away')) : work({} as UnitOfWork),
  } as unknown as Database;
  const outbox = {
    publish: (_unit: unknown, _definition: unknown, event: { payload: { keys: (typeof told)[number] } }) =>
      void told.push(event.payload.keys),
  } as unknown as Outbox;
  use = new CredentialUse(database, outbox, clock, 'training');
});

describe('uses of API keys', () => {
  it('are told in one go, each key by its last use, and once', async () => {
    use.note('a');
    clock.advance(1000);
    use.note('b');
    clock.advance(1000);
    use.note('a');
    const last = clock.iso();
    await use.tell();
    await use.tell();
    expect(told).toHaveLength(1);
    expect(told[0]).toHaveLength(2);
    expect(told[0]).toContainEqual({ keyId: 'a', at: last });
  });

  it('wait while the database is away, and are told at the end', async () => {
    away = true;
    use.note('a');
    await use.tell();
    expect(told).toEqual([]);
    away = false;
    await use.onModuleDestroy();
    expect(told).toHaveLength(1);
  });

  it('come in events of bounded size', async () => {
    for (let key = 0; key < 700; key += 1) use.note(`k${key}`);
    await use.tell();
    await use.tell();
    expect(told.map((keys) => keys.length)).toEqual([500, 200]);
  });
});
