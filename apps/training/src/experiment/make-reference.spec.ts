import type { ExperimentRows } from './experiment-rows';
import { NEWEST_LABELLED_ROWS, referenceRows } from './make-reference';

/** Rows by prediction name; null: uploaded. */
function rowsOf(predictions: readonly (string | null)[]): ExperimentRows {
  return {
    rows: predictions.length,
    batch: predictions.map((name) => (name === null ? 1 : 2)),
    batchDigest: predictions.map(() => 'digest'),
    rowKey: predictions.map((_, i) => String(i)),
    subject: predictions.map(() => null),
    fromOutcomes: predictions.map((name) => name !== null),
    prediction: predictions,
    labels: new Uint8Array(predictions.length),
    columns: new Map(),
    withoutLabel: 0,
  };
}

const idAt = (moment: number): string =>
  `0190${moment.toString(16).padStart(4, '0')}-0000-7000-8000-000000000000`;
const named = (rows: ExperimentRows, at: Int32Array) => Array.from(at, (i) => rows.prediction[i]);

describe('the rows of a reference', () => {
  it('are all rows for a first training', () => {
    const rows = rowsOf([null, `${idAt(1)}/0`, null]);
    expect(referenceRows(rows, false)).toEqual({ from: 'all_rows', at: Int32Array.from([0, 1, 2]) });
  });

  it('are those predicted last, however the old and the new population lie mixed in one batch', () => {
    const before = Array.from({ length: 400 }, (_, i) => `${idAt(i)}/0`);
    const after = Array.from({ length: 300 }, (_, i) => `${idAt(1_000 + i)}/0`);
    const mixed = [...before, ...after].sort((left, right) => hash(left) - hash(right));
    const rows = rowsOf([null, null, ...mixed]);
    const reference = referenceRows(rows, true);
    expect(reference.from).toBe('newest_labelled_rows');
    expect(named(rows, reference.at)).toEqual(after);
  });

  it('take the rows of one request in the order of their numbers', () => {
    const rows = rowsOf(Array.from({ length: 320 }, (_, i) => `${idAt(7)}/${319 - i}`));
    const reference = referenceRows(rows, true);
    expect(named(rows, reference.at)).toEqual(
      Array.from({ length: NEWEST_LABELLED_ROWS }, (_, i) => `${idAt(7)}/${20 + i}`),
    );
  });

  it('are all rows where too few have labels', () => {
    const rows = rowsOf([null, ...Array.from({ length: 199 }, (_, i) => `${idAt(i)}/0`)]);
    expect(referenceRows(rows, true)).toMatchObject({ from: 'all_rows' });
    expect(referenceRows(rows, true).at).toHaveLength(200);
  });
});

/** Any order that is not that of time. */
const hash = (text: string): number =>
  Array.from(text).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7);
