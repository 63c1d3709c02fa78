import { heldRows, withheld } from './held-rows';

const scores = [0.1, 0.45, 0.5, 0.9];
const labels = ['no', 'no', 'yes', 'yes'];

describe('heldRows', () => {
  it('holds nothing without a policy, or where it was turned off', () => {
    expect(heldRows(undefined, scores, labels)).toEqual([]);
    expect(heldRows({ active: false, labels: ['yes'], band: { from: 0, to: 1 } }, scores, labels)).toEqual(
      [],
    );
  });

  it('holds by label and by band, bounds included, each row once', () => {
    expect(heldRows({ active: true, labels: ['yes'], band: null }, scores, labels)).toEqual([
      { row: 2, because: 'label' },
      { row: 3, because: 'label' },
    ]);
    expect(
      heldRows({ active: true, labels: ['yes'], band: { from: 0.45, to: 0.5 } }, scores, labels),
    ).toEqual([
      { row: 1, because: 'band' },
      { row: 2, because: 'label' },
      { row: 3, because: 'label' },
    ]);
  });
});

describe('withheld', () => {
  it('gives neither label nor score of a held row, and leaves the originals as they are', () => {
    const probabilities = Float64Array.from(scores.flatMap((score) => [1 - score, score]));
    const shown = withheld([{ row: 1, because: 'band' }], probabilities, labels);
    expect(shown.labels).toEqual(['no', '', 'yes', 'yes']);
    expect(shown.probabilities.slice(0, 6)).toEqual(Float64Array.of(0.9, 0.1, NaN, NaN, 0.5, 0.5));
    expect(probabilities[3]).toBe(0.45);
    expect(withheld([], probabilities, labels).probabilities).toBe(probabilities);
  });
});
