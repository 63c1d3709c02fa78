import fc from 'fast-check';
import { assignSplit, describeSplit, HOLD_OUT, splitUnits, type SplitRows } from './split';

const OPTIONS = { seed: 7, folds: 5, holdOut: 0.2 };

function rowsOf(list: readonly { batch: string; key: string; subject: string | null }[]): SplitRows {
  return {
    rows: list.length,
    batchDigest: list.map(({ batch }) => batch),
    rowKey: list.map(({ key }) => key),
    subject: list.map(({ subject }) => subject),
  };
}

const anyRows = fc.array(
  fc.record({
    batch: fc.constantFrom('b1', 'b2', 'b3'),
    key: fc.string({ minLength: 1, maxLength: 6 }),
    subject: fc.option(fc.constantFrom('sub_1', 'sub_2', 'sub_3'), { nil: null }),
  }),
  { maxLength: 60 },
);

describe('the split', () => {
  it('never moves a row when rows are appended', () => {
    fc.assert(
      fc.property(anyRows, anyRows, (older, newer) => {
        const before = assignSplit(rowsOf(older), OPTIONS);
        const after = assignSplit(rowsOf([...older, ...newer]), OPTIONS);
        expect([...after.subarray(0, older.length)]).toEqual([...before]);
      }),
    );
  });

  it('keeps all rows of a subject where the first one is', () => {
    fc.assert(
      fc.property(anyRows, (list) => {
        const split = assignSplit(rowsOf(list), OPTIONS);
        const places = new Map<string, number>();
        list.forEach(({ subject }, i) => {
          if (subject === null) return;
          if (!places.has(subject)) places.set(subject, split[i]!);
          expect(split[i]).toBe(places.get(subject));
        });
      }),
    );
  });

  it('does not depend on pseudonyms, which differ between installations', () => {
    fc.assert(
      fc.property(anyRows, (list) => {
        const renamed = list.map((row) => ({ ...row, subject: row.subject && `other_${row.subject}` }));
        expect([...assignSplit(rowsOf(renamed), OPTIONS)]).toEqual([...assignSplit(rowsOf(list), OPTIONS)]);
      }),
    );
  });

  it('is pinned: these rows are where they were in every release', () => {
    const list = Array.from({ length: 12 }, (_, i) => ({
      batch: 'a'.repeat(64),
      key: String(i + 1),
      subject: null,
    }));
    expect([...assignSplit(rowsOf(list), OPTIONS)]).toMatchInlineSnapshot(`
     [
       2,
       3,
       3,
       1,
       -1,
       2,
       -1,
       1,
       1,
       2,
       3,
       4,
     ]
    `);
  });

  it('holds out the share asked for and fills the folds evenly', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => ({ batch: 'b', key: String(i), subject: null }));
    const split = assignSplit(rowsOf(list), OPTIONS);
    const parts = describeSplit(split, new Uint8Array(list.length).fill(1), 5);
    expect(parts[0]!.rows / list.length).toBeCloseTo(0.2, 1);
    for (const part of parts.slice(1)) expect(part.rows / list.length).toBeCloseTo(0.16, 1);
    expect(parts.every(({ positiveShare }) => positiveShare === 1)).toBe(true);
  });

  it('changes with the seed', () => {
    const list = Array.from({ length: 200 }, (_, i) => ({ batch: 'b', key: String(i), subject: null }));
    expect(assignSplit(rowsOf(list), { ...OPTIONS, seed: 8 })).not.toEqual(
      assignSplit(rowsOf(list), OPTIONS),
    );
  });

  it('says of an empty part that it has no share', () => {
    const parts = describeSplit(Int32Array.from([HOLD_OUT]), [1], 2);
    expect(parts.map(({ positiveShare }) => positiveShare)).toEqual([1, null, null]);
  });

  it('names the row that decides', () => {
    const rows = rowsOf([
      { batch: 'b', key: '1', subject: 'sub_1' },
      { batch: 'b', key: '2', subject: null },
      { batch: 'c', key: '1', subject: 'sub_1' },
    ]);
    expect([...splitUnits(rows)]).toEqual([0, 1, 0]);
  });
});
