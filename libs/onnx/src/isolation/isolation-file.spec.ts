import {
  categoricalColumn,
  createTable,
  numericColumn,
  Random,
  timeColumn,
  type Column,
  type FittedPipeline,
} from '@steward/learning';
import { encodeModel } from '../model-file/model-file';
import { isolationFile, readIsolationFile } from './isolation-file';

const NUMBERS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Six numbers around 0 that deviate by 1, a category, a time, and a name for each row. */
function training(rows = 2_000) {
  const random = new Random(7);
  const numbers = NUMBERS.map((name) =>
    numericColumn(
      name,
      Array.from({ length: rows }, () => (random.below(100) === 0 ? null : random.normal())),
    ),
  );
  const texts = (name: string, text: (row: number) => string) =>
    categoricalColumn(
      name,
      Array.from({ length: rows }, (_, row) => text(row)),
    );
  return createTable([
    ...numbers,
    texts('town', (row) => (row % 4 === 0 ? 'harbour' : 'hill')),
    timeColumn(
      'day',
      Array.from({ length: rows }, (_, row) => row),
    ),
    texts('name', (row) => `person ${row}`),
  ]);
}

/** Some other pipeline. */
const line: FittedPipeline = {
  task: 'regression',
  inputs: [{ name: 'x', kind: 'numeric' }],
  encoders: [{ kind: 'number', input: 'x', fill: null, center: 0, scale: 1, width: 1 }],
  classes: [],
  predictor: {
    kind: 'linear',
    model: {
      features: 1,
      outputs: 1,
      weights: Float64Array.of(1),
      intercepts: Float64Array.of(0),
      link: 'identity',
    },
  },
};

const largest = (column: Column): number =>
  column.kind === 'numeric' ? column.values.reduce((a, b) => (b > a ? b : a), -Infinity) : Number.NaN;

describe('a file of an isolation forest', () => {
  const table = training();
  const file = isolationFile(table, 11, { dataset_digest: 'd' })!;
  const { scorer, threshold } = readIsolationFile(file);
  const scoreOf = (number: number, town: string | null): number => {
    const out = new Float64Array(1);
    scorer.scoreBatch([...NUMBERS.map(() => Float64Array.of(number)), [town]], 1, out);
    return out[0]!;
  };

  it('judges numbers and categories, and neither times nor what is close to a name', () => {
    expect(scorer.inputs.map(({ name }) => name)).toEqual([...NUMBERS, 'town']);
  });

  it('finds rows that are a little strange in many columns, in none beyond what training had', () => {
    const most = Math.min(...table.columns.slice(0, 6).map(largest));
    expect(scoreOf(0.1, 'hill')).toBeLessThan(threshold(0.9));
    expect(most).toBeGreaterThan(2.5);
    expect(scoreOf(2.5, 'hill')).toBeGreaterThan(threshold(0.999));
    expect(scoreOf(0.1, 'never seen')).toBeGreaterThan(scoreOf(0.1, 'hill'));
    // What is missing counts as ordinary: the range check says so where nothing ever was.
    expect(scoreOf(Number.NaN, 'hill')).toBeLessThan(threshold(0.9));
  });

  it('holds thresholds that so many training rows do not pass', () => {
    const scores = new Float64Array(table.rows);
    scorer.scoreTable({ rows: table.rows, columns: table.columns.slice(0, 7) }, scores);
    for (const level of [0.9, 0.99, 0.999, 1] as const) {
      const passing = scores.filter((score) => score > threshold(level)).length;
      expect(passing).toBeLessThanOrEqual(Math.ceil((1 - level) * table.rows) + 1);
    }
    expect(threshold(0.9)).toBeLessThan(threshold(0.999));
    expect(threshold(1)).toBe(Math.max(...scores));
  });

  it('is the same for the same arguments, another for another seed, and small', () => {
    expect(Buffer.from(isolationFile(training(), 11, { dataset_digest: 'd' })!).equals(file)).toBe(true);
    expect(Buffer.from(isolationFile(table, 12, { dataset_digest: 'd' })!).equals(file)).toBe(false);
    expect(file.byteLength).toBeLessThan(2 * 1024 * 1024);
  });

  it('is not made where no column can be judged', () => {
    const times = { rows: table.rows, columns: table.columns.slice(7) };
    expect(isolationFile(times, 1, {})).toBeNull();
    const infinite = createTable([numericColumn('x', [1, Infinity, 2])]);
    expect(isolationFile(infinite, 1, {})).toBeNull();
  });

  it('is refused where it is changed, or another kind of file', () => {
    const changed = Uint8Array.from(file);
    changed[changed.length >> 1]! ^= 1;
    expect(() => readIsolationFile(changed)).toThrow(/not a whole Steward model file/);
    const others: Record<string, string>[] = [{}, { isolation: '{"thresholds":[2]}' }, { isolation: 'x' }];
    for (const metadata of others)
      expect(() => readIsolationFile(encodeModel(line, metadata))).toThrow(/no isolation forest/);
  });
});
