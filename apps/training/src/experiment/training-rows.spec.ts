import { trainingRows } from './training-rows';

const system = {
  batch: 'b',
  batchDigest: 'd',
  row: 'r',
  rowKey: 'k',
  source: 's',
  subject: 'who',
  prediction: 'prediction',
};
const table = {
  rows: 4,
  columns: { b: [1, 1, 2, 2], r: [1, 2, 1, 2], who: ['ann', 'bob', null, 'ann'], x: [10, 20, 30, 40] },
};

describe('the rows that a training may use', () => {
  it('are all of them, untouched, where nobody is left out', () => {
    expect(trainingRows(table, ['nobody'], system)).toEqual({ table, leftOut: null });
    expect(trainingRows(table, [], system).table).toBe(table);
  });

  it('leave out the rows of those who do not allow it, and say how many and whose', () => {
    const { table: left, leftOut } = trainingRows(table, ['ann', 'nobody'], system);
    expect(left).toEqual({ rows: 2, columns: { b: [1, 2], r: [2, 1], who: ['bob', null], x: [20, 30] } });
    expect(leftOut).toMatchObject({ subjects: 1, rows: 2 });
    expect(trainingRows(table, ['ann'], system).leftOut).toEqual(leftOut);
    expect(trainingRows(table, ['bob'], system).leftOut!.digest).not.toBe(leftOut!.digest);
  });

  it('are in order of batch and row, also where a correction moved a file to the end', () => {
    const moved = { rows: 3, columns: { b: [2, 1, 1], r: [1, 2, 1], who: [null, null, null], x: [3, 2, 1] } };
    expect(trainingRows(moved, [], system)).toEqual({
      table: { rows: 3, columns: { b: [1, 1, 2], r: [1, 2, 1], who: [null, null, null], x: [1, 2, 3] } },
      leftOut: null,
    });
  });
});
