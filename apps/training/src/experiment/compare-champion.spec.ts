import { compareOn, rowsNewToBoth } from './compare-champion';
import type { ExperimentRows } from './experiment-rows';
import { assignSplit, HOLD_OUT } from './split';

const SPLIT = { seed: 3, folds: 5, holdOut: 0.3 };

function rowsOf(list: readonly { batch: number; key: string; subject: string | null }[]): ExperimentRows {
  return {
    rows: list.length,
    batch: list.map(({ batch }) => batch),
    batchDigest: list.map(({ batch }) => `batch ${batch}`),
    rowKey: list.map(({ key }) => key),
    subject: list.map(({ subject }) => subject),
    fromOutcomes: list.map(() => false),
    prediction: list.map(() => null),
    labels: new Uint8Array(list.length),
    columns: new Map(),
    withoutLabel: 0,
  };
}

const LIST = Array.from({ length: 400 }, (_, i) => ({
  batch: i < 250 ? 1 : 2,
  key: String(i),
  // Some subjects of batch 1 come again in batch 2.
  subject: i % 10 === 0 ? `sub_${i % 250}` : null,
}));

describe('rows new to both', () => {
  const rows = rowsOf(LIST);

  it('are the hold-out where both share the split', () => {
    const split = assignSplit(rows, SPLIT);
    const at = rowsNewToBoth(rows, split, { split: SPLIT, lastBatch: 1 });
    expect([...at]).toEqual(LIST.flatMap((_, i) => (split[i] === HOLD_OUT ? [i] : [])));
  });

  it('hold no row that the champion was fitted on, nor a later row of such a subject, whatever its split', () => {
    const candidate = assignSplit(rows, SPLIT);
    const other = { ...SPLIT, seed: 99 };
    const champion = assignSplit(rows, other);
    const at = [...rowsNewToBoth(rows, candidate, { split: other, lastBatch: 1 })];
    const known = new Set(
      LIST.flatMap(({ subject }, i) => (i < 250 && champion[i] !== HOLD_OUT ? [subject] : [])),
    );
    expect(at.length).toBeGreaterThan(20);
    for (const i of at) {
      expect(candidate[i]).toBe(HOLD_OUT);
      if (i < 250) expect(champion[i]).toBe(HOLD_OUT);
      else if (LIST[i]!.subject !== null) expect(known.has(LIST[i]!.subject)).toBe(false);
    }
    // New rows of unknown subjects count although the champion's split would have put them into a fold.
    expect(at.some((i) => i >= 250 && champion[i] !== HOLD_OUT)).toBe(true);
  });
});

describe('the comparison', () => {
  it('gives both AUCs on the same rows, and null where one class alone is there', () => {
    const labels = [0, 1, 0, 1];
    const at = Int32Array.from([0, 1, 2, 3]);
    expect(compareOn(at, labels, [0.1, 0.9, 0.2, 0.8], [0.9, 0.1, 0.2, 0.8])).toEqual({
      rows: 4,
      championAuc: 1,
      candidateAuc: 0.25,
    });
    expect(compareOn(Int32Array.from([0, 2]), labels, [0.1, 0, 0.2, 0], [0, 0, 0, 0])).toEqual({
      rows: 2,
      championAuc: null,
      candidateAuc: null,
    });
    expect(compareOn(new Int32Array(0), labels, [], [])).toEqual({
      rows: 0,
      championAuc: null,
      candidateAuc: null,
    });
  });
});
