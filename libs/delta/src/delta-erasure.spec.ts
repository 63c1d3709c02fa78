import { LocalArtifactStore, type ObjectStore } from '@steward/artifacts';
import { FixedClock, sha256 } from '@steward/kernel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileErasure } from './delta-table';
import type { DeltaRows, DeltaSchema } from './delta-types';
import { ObjectStoreDeltaTables } from './object-store-delta-tables';

const schema: DeltaSchema = {
  fields: [
    { name: 'subject', type: 'string', nullable: true },
    { name: 'figure', type: 'double', nullable: true },
  ],
};
const rowsOf = (...subjects: (string | null)[]): DeltaRows => ({
  rows: subjects.length,
  columns: { subject: subjects, figure: subjects.map((_, at) => at) },
});
const match = { column: 'subject', value: 'ann' };
const path = 'p/d';

let root: string;
let objects: ObjectStore;
let tables: ObjectStoreDeltaTables;

const append = (txnVersion: number, rows: DeltaRows) =>
  tables.append(path, { schema, rows, appId: path, txnVersion, info: { batch: txnVersion } });
const subjects = async (version: number) => (await tables.read(path, { version })).columns['subject'];
const double = (rows: DeltaRows, matching: readonly number[]): DeltaRows => ({
  rows: rows.rows,
  columns: {
    ...rows.columns,
    figure: rows.columns['figure']!.map((value, at) => (matching.includes(at) ? 99 : value)),
  },
});

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'delta-'));
  objects = new LocalArtifactStore(root).objects;
  tables = new ObjectStoreDeltaTables(objects, new FixedClock());
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function erase(store = tables): Promise<FileErasure[]> {
  const seen: FileErasure[] = [];
  await store.erase(path, match, async (erasure) => {
    seen.push(erasure);
  });
  return seen;
}

describe('erasing rows', () => {
  it('takes them out of every version, and leaves the others', async () => {
    await append(1, rowsOf('ann', 'bob', null));
    await append(2, rowsOf('ann'));
    await append(3, rowsOf('cid'));
    const before = await objects.list(path);
    const seen = await erase();
    expect(seen).toMatchObject([
      { rows: { rows: 1, columns: { subject: ['ann'], figure: [0] } } },
      { newFile: null, newDigest: null, rows: { rows: 1 } },
    ]);
    expect(await subjects(0)).toEqual(['bob', null]);
    expect(await subjects(1)).toEqual(['bob', null]);
    expect(await subjects(2)).toEqual(['bob', null, 'cid']);
    expect(await tables.snapshot(path)).toMatchObject({ rows: 3, transactions: { [path]: 3 } });
    expect((await tables.history(path)).map(({ rows }) => rows)).toEqual([2, 0, 1]);
    const after = await objects.list(path);
    expect(before).toContain(`${path}/${seen[0]!.file}`);
    expect(after).not.toContain(`${path}/${seen[0]!.file}`);
    expect(sha256(await objects.get(`${path}/${seen[0]!.newFile}`))).toBe(seen[0]!.newDigest);
    expect(await erase()).toEqual([]);
  });

  it('goes on after a crash at any of its writes, and comes to the same end', async () => {
    let crashes = 0;
    for (let point = 1; ; point += 1) {
      await rm(root, { recursive: true, force: true });
      await append(1, rowsOf('ann', 'bob'));
      await tables.update(path, {
        match: { column: 'subject', value: 'bob' },
        edit: double,
        appId: path,
        txnVersion: 2,
        info: {},
      });
      await append(3, rowsOf('ann', 'cid'));
      let left = point;
      const dying = new Proxy(objects, {
        get(target, name) {
          const value = Reflect.get(target, name) as unknown;
          if (typeof value !== 'function') return value;
          return async (...args: unknown[]) => {
            if (['put', 'putIfAbsent', 'delete'].includes(String(name))) {
              left -= 1;
              if (left === 0) throw new Error('killed');
            }
            return (value as (...all: unknown[]) => unknown).apply(target, args);
          };
        },
      });
      const died = await erase(new ObjectStoreDeltaTables(dying, new FixedClock())).then(
        () => false,
        () => true,
      );
      if (!died) break;
      crashes += 1;
      await erase();
      expect(await tables.read(path, { version: 0 })).toEqual({
        rows: 1,
        columns: { subject: ['bob'], figure: [1] },
      });
      expect(await tables.read(path, { version: 2 })).toEqual({
        rows: 2,
        columns: { subject: ['bob', 'cid'], figure: [99, 1] },
      });
      for (const object of await objects.list(path))
        expect((await objects.get(object)).includes('ann')).toBe(false);
      expect((await objects.list(path)).filter((object) => object.endsWith('.parquet'))).toHaveLength(3);
    }
    expect(crashes).toBeGreaterThan(6);
  });
});

describe('updating rows', () => {
  it('makes one version with the changed rows; the versions before keep theirs', async () => {
    await append(1, rowsOf('ann', 'bob'));
    await append(2, rowsOf('cid'));
    const update = { match, edit: double, appId: path, txnVersion: 3, info: { why: 'test' } };
    expect(await tables.update(path, update)).toEqual({ version: 2, updated: true });
    expect(await tables.update(path, update)).toEqual({ version: 2, updated: false });
    expect((await tables.read(path, { version: 1 })).columns['figure']).toEqual([0, 1, 0]);
    const now = await tables.read(path, { version: 2 });
    expect(new Set(now.columns['figure'])).toEqual(new Set([0, 1, 99]));
    await expect(
      tables.update(path, { ...update, match: { column: 'subject', value: 'nobody' }, txnVersion: 4 }),
    ).rejects.toMatchObject({ code: 'DELTA.NOTHING_TO_UPDATE' });
  });

  it('is read again where erasure took the file away between log and file', async () => {
    await append(1, rowsOf('ann', 'bob'));
    let raced = false;
    const racing = new Proxy(objects, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          if (name === 'get' && String(args[0]).endsWith('.parquet') && !raced) {
            raced = true;
            await erase();
          }
          return (value as (...all: unknown[]) => unknown).apply(target, args);
        };
      },
    });
    const read = await new ObjectStoreDeltaTables(racing).read(path, { version: 0 });
    expect(read.columns['subject']).toEqual(['bob']);
    expect(raced).toBe(true);
  });
});
