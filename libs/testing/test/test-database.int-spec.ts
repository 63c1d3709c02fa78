import { PgDatabase } from '@steward/database';
import { sql } from 'kysely';
import { createTestDatabase, eventually, type TestDatabase } from '../src/index';

describe('createTestDatabase', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ services: ['training', 'monitoring'], bare: true });
  });

  afterAll(() => database.dispose());

  it('gives each service its schema, and none another', async () => {
    const training = new PgDatabase({ url: database.urlOf('training') });
    try {
      const { rows } = await sql<{ schema: string }>`SELECT current_schema() AS schema`.execute(
        training.kysely,
      );
      expect(rows).toEqual([{ schema: 'training' }]);
      await expect(sql`SELECT * FROM monitoring.outbox`.execute(training.kysely)).rejects.toMatchObject({
        code: '42501',
      });
    } finally {
      await training.close();
    }
  });

  it('gives a second one that knows nothing of the first', async () => {
    const second = await createTestDatabase({ services: ['training', 'monitoring'], bare: true });
    expect(second.ownerUrl).not.toBe(database.ownerUrl);
    await second.dispose();
  });
});

describe('eventually', () => {
  it('waits for a condition and gives its value', async () => {
    let calls = 0;
    const value = await eventually(() => {
      if (++calls < 3) throw new Error('not yet');
      return calls;
    });
    expect(value).toBe(3);
  });

  it('comes out with the last error', async () => {
    await expect(
      eventually(() => Promise.reject(new Error('never')), { withinMs: 50, everyMs: 5 }),
    ).rejects.toThrow('never');
  });
});
