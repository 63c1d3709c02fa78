import { LocalArtifactStore, type ObjectStore } from '@steward/artifacts';
import { FixedClock } from '@steward/kernel';
import * as fc from 'fast-check';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeltaRows, DeltaSchema, DeltaType } from './delta-types';
import { ObjectStoreDeltaTables } from './object-store-delta-tables';

const schema: DeltaSchema = {
  fields: [
    { name: 'id', type: 'long', nullable: false },
    { name: 'text', type: 'string', nullable: true },
    { name: 'figure', type: 'double', nullable: true },
    { name: 'flag', type: 'boolean', nullable: true },
    { name: 'at', type: 'timestamp', nullable: true },
  ],
};

const rowsOf = (...ids: number[]): DeltaRows => ({
  rows: ids.length,
  columns: {
    id: ids,
    text: ids.map((id) => (id % 2 ? `row ${id}` : null)),
    figure: ids.map((id) => (id % 3 ? id / 3 : null)),
    flag: ids.map((id) => (id % 5 ? id % 2 === 0 : null)),
    at: ids.map((id) => (id % 7 ? Date.UTC(2026, 0, id) : null)),
  },
});

const byText = (left: unknown, right: unknown): number => (String(left) < String(right) ? -1 : 1);

const folders: string[] = [];
let root: string;
let objects: ObjectStore;
let tables: ObjectStoreDeltaTables;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'delta-'));
  folders.push(root);
  objects = new LocalArtifactStore(root).objects;
  tables = new ObjectStoreDeltaTables(objects, new FixedClock());
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const append = (
  txnVersion: number,
  rows: DeltaRows,
  rest: Partial<Parameters<ObjectStoreDeltaTables['append']>[1]> = {},
) => tables.append('p/d', { schema, rows, appId: 'p/d', txnVersion, info: { batch: txnVersion }, ...rest });

describe('ObjectStoreDeltaTables', () => {
  it('gives back every version as it was', async () => {
    expect(await append(1, rowsOf(1, 2, 3))).toEqual({ version: 0, appended: true });
    expect(await append(2, rowsOf(70))).toEqual({ version: 1, appended: true });
    expect(await tables.read('p/d', { version: 0 })).toEqual(rowsOf(1, 2, 3));
    expect(await tables.read('p/d', { version: 1 })).toEqual(rowsOf(1, 2, 3, 70));
    expect(await tables.snapshot('p/d')).toEqual({ version: 1, schema, rows: 4, transactions: { 'p/d': 2 } });
    expect(await tables.snapshot('p/d', 0)).toMatchObject({
      version: 0,
      rows: 3,
      transactions: { 'p/d': 1 },
    });
    expect(await tables.history('p/d', { since: 1 })).toEqual([
      {
        version: 1,
        timestamp: Date.UTC(2026, 0, 1),
        operation: 'WRITE',
        transactions: [{ appId: 'p/d', version: 2 }],
        rows: 1,
        info: { batch: 2 },
      },
    ]);
  });

  it('reads only the columns asked for, in the order asked for', async () => {
    await append(1, rowsOf(4, 5));
    const read = await tables.read('p/d', { version: 0, columns: ['text', 'id'] });
    expect(read).toEqual({ rows: 2, columns: { text: [null, 'row 5'], id: [4, 5] } });
    expect(Object.keys(read.columns)).toEqual(['text', 'id']);
    await expect(tables.read('p/d', { version: 0, columns: ['none'] })).rejects.toMatchObject({
      code: 'DELTA.UNKNOWN_COLUMN',
    });
  });

  it('writes the same transaction once, whoever repeats it, and never one that was passed', async () => {
    await append(1, rowsOf(1));
    await append(3, rowsOf(3));
    expect(await append(1, rowsOf(9))).toEqual({ version: 0, appended: false });
    await expect(append(2, rowsOf(2))).rejects.toMatchObject({ code: 'DELTA.TRANSACTION_PASSED' });
    expect((await tables.read('p/d', { version: 1, columns: ['id'] })).columns.id).toEqual([1, 3]);
  });

  it('lets writers that meet all append, each at a version of its own', async () => {
    const writers = Array.from({ length: 6 }, (_, at) =>
      append(1, rowsOf(at + 1), { appId: `writer-${at}` }),
    );
    const versions = (await Promise.all(writers)).map((done) => done.version).sort(byText);
    expect(versions).toEqual([0, 1, 2, 3, 4, 5]);
    const all = await tables.read('p/d', { version: 5, columns: ['id'] });
    expect([...(all.columns.id ?? [])].sort(byText)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('commits one of two writers that meet on the same transaction', async () => {
    const both = await Promise.all([append(1, rowsOf(1)), append(1, rowsOf(1))]);
    expect(both.map((done) => done.appended).sort(byText)).toEqual([false, true]);
    expect((await tables.snapshot('p/d'))?.rows).toBe(1);
  });

  it('grows by a column, and makes nullable what later rows lack', async () => {
    await append(1, rowsOf(1));
    const later: DeltaSchema = {
      fields: [
        { name: 'text', type: 'string', nullable: false },
        { name: 'new', type: 'double', nullable: false },
      ],
    };
    await append(2, { rows: 1, columns: { text: ['x'], new: [2.5] } }, { schema: later });
    expect((await tables.snapshot('p/d'))?.schema.fields).toEqual([
      { name: 'id', type: 'long', nullable: true },
      ...schema.fields.slice(1),
      { name: 'new', type: 'double', nullable: true },
    ]);
    const read = await tables.read('p/d', { version: 1, columns: ['id', 'text', 'new'] });
    expect(read.columns).toEqual({ id: [1, null], text: ['row 1', 'x'], new: [null, 2.5] });
    expect((await tables.snapshot('p/d', 0))?.schema).toEqual(schema);
    const wrong = { fields: [{ name: 'text', type: 'long', nullable: true } as const] };
    await expect(append(3, { rows: 1, columns: { text: [1] } }, { schema: wrong })).rejects.toMatchObject({
      code: 'DELTA.SCHEMA_MISMATCH',
      kind: 'conflict',
    });
  });

  it('refuses rows that are not what the schema says', async () => {
    const bad: Record<string, DeltaRows> = {
      'too short': { rows: 2, columns: rowsOf(1).columns },
      'null in a column that has none': { rows: 1, columns: { ...rowsOf(1).columns, id: [null] } },
      'a fraction as long': { rows: 1, columns: { ...rowsOf(1).columns, id: [0.5] } },
      'beyond 2^53': { rows: 1, columns: { ...rowsOf(1).columns, id: [2 ** 53] } },
      'text as number': { rows: 1, columns: { ...rowsOf(1).columns, figure: ['1'] } },
      'a foreign column': { rows: 1, columns: { ...rowsOf(1).columns, foreign: [1] } },
    };
    for (const rows of Object.values(bad)) {
      await expect(append(1, rows)).rejects.toMatchObject({ code: 'DELTA.INVALID_ROWS' });
    }
    expect(await tables.snapshot('p/d')).toBeNull();
    for (const name of ['a b', 'a=b', '', 'ID']) {
      const fields = [...schema.fields, { name, type: 'string' as const, nullable: true }];
      const rows = { rows: 1, columns: { ...rowsOf(1).columns, [name]: ['x'] } };
      await expect(append(1, rows, { schema: { fields } })).rejects.toMatchObject({
        code: 'DELTA.INVALID_COLUMN',
      });
    }
  });

  it('takes a commit without rows, and says what is not there', async () => {
    await append(1, rowsOf());
    expect(await tables.read('p/d', { version: 0, columns: ['id'] })).toEqual({
      rows: 0,
      columns: { id: [] },
    });
    await expect(tables.read('p/d', { version: 1 })).rejects.toMatchObject({
      code: 'DELTA.VERSION_NOT_FOUND',
    });
    await expect(tables.read('none', { version: 0 })).rejects.toMatchObject({ code: 'DELTA.NOT_FOUND' });
    expect(await tables.history('none')).toEqual([]);
  });

  it('makes the same files of the same rows', async () => {
    await append(1, rowsOf(1, 2));
    await tables.append('q', { schema, rows: rowsOf(1, 2), appId: 'p/d', txnVersion: 1, info: {} });
    const part = async (path: string) =>
      (await objects.list(path)).filter((name) => name.endsWith('.parquet'));
    const [one, two] = [await part('p/d'), await part('q')];
    expect(one.map((name) => name.slice(4))).toEqual(two.map((name) => name.slice(2)));
    expect(await objects.get(one[0]!)).toEqual(await objects.get(two[0]!));
  });

  it('keeps texts out of the log', async () => {
    await append(1, rowsOf(1));
    const log = (await objects.get('p/d/_delta_log/00000000000000000000.json')).toString();
    expect(log).not.toContain('row 1');
    expect(log).toContain('\\"numRecords\\":1');
  });

  it('notices a missing commit file and one that is damaged', async () => {
    await append(1, rowsOf(1));
    await append(2, rowsOf(2));
    await objects.put('p/d/_delta_log/00000000000000000001.json', Buffer.from('{"add":'));
    await expect(tables.snapshot('p/d')).rejects.toMatchObject({ code: 'DELTA.CORRUPT' });
    await objects.delete('p/d/_delta_log/00000000000000000000.json');
    await expect(tables.snapshot('p/d')).rejects.toMatchObject({ code: 'DELTA.CORRUPT' });
  });

  it('reads a table that delta-rs wrote, deleted rows and zstd included', async () => {
    const path = join(root, 'objects', 'foreign');
    await cp(join(__dirname, '../reference/deltalake-table'), path, { recursive: true });
    const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const whole = await tables.read('foreign', { version: 1 });
    const sorted = (rows: DeltaRows) =>
      (rows.columns.name ?? [])
        .map((name, row) => [
          name,
          ...['amount', 'count', 'ok', 'at'].map((column) => rows.columns[column]?.[row]),
        ])
        .sort(byText);
    expect(sorted(whole)).toEqual([
      ['a', 1.5, 1, true, at],
      ['b', null, 2 ** 53 - 1, false, null],
      ['c', -0.25, null, null, at],
    ]);
    expect(sorted(await tables.read('foreign', { version: 2 }))).toEqual(sorted(whole).slice(1));
    expect(await tables.snapshot('foreign')).toMatchObject({ version: 2, rows: 2 });
    await tables.append('foreign', {
      schema: { fields: [{ name: 'name', type: 'string', nullable: true }] },
      rows: { rows: 1, columns: { name: ['d'] } },
      appId: 'a',
      txnVersion: 1,
      info: {},
    });
    expect((await tables.read('foreign', { version: 3, columns: ['name'] })).rows).toBe(3);
  });

  it('refuses a table that needs a newer reader', async () => {
    const protocol = JSON.stringify({ protocol: { minReaderVersion: 3, minWriterVersion: 7 } });
    await objects.put('new/_delta_log/00000000000000000000.json', Buffer.from(protocol));
    await expect(tables.snapshot('new')).rejects.toMatchObject({ code: 'DELTA.UNSUPPORTED' });
  });

  it('gives back any values it took', async () => {
    const arbitrary: Record<DeltaType, fc.Arbitrary<string | number | boolean>> = {
      string: fc.string({ unit: 'grapheme' }),
      double: fc.double({ noNaN: true }),
      long: fc.maxSafeInteger(),
      boolean: fc.boolean(),
      timestamp: fc.integer({ min: -8.64e15, max: 8.64e15 }),
    };
    let path = 0;
    const fields = Object.keys(arbitrary).map((type) => ({
      name: type,
      type: type as DeltaType,
      nullable: true,
    }));
    const row = fc.tuple(...fields.map((field) => fc.option(arbitrary[field.type])));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
        path += 1;
        const columns = Object.fromEntries(
          fields.map(({ name }, at) => [name, rows.map((values) => values[at]!)]),
        );
        const given: DeltaRows = { rows: rows.length, columns };
        await tables.append(`any-${path}`, {
          schema: { fields },
          rows: given,
          appId: 'a',
          txnVersion: 1,
          info: {},
        });
        expect(await tables.read(`any-${path}`, { version: 0 })).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });
});
