import {
  booleanColumn,
  calibrate,
  categoricalColumn,
  createTable,
  binaryTarget,
  fitCalibration,
  fitPipeline,
  numericColumn,
  predict,
  predictPositive,
  timeColumn,
  type FittedPipeline,
} from '@steward/learning';
import { explainableFromOnnx, explanationMetadata, writeOnnx, type ExplainablePipeline } from '@steward/onnx';
import { buildReference } from '@steward/statistics';
import type { InputColumn } from '../engines/engine';
import { tableOf } from './explain-columns';
import { allowedChanges, CounterfactualOptions } from './explain-options';
import { explainRows, type CounterfactualWork } from './explain-rows';
import type { Counterfactuals } from './explanation';

const N = 600;
const at = (i: number, step: number): number => ((i * step) % 997) / 997;
const data = Array.from({ length: N }, (_, i) => ({
  income: i % 17 === 0 ? Number.NaN : Math.round(at(i, 31) * 1_000),
  age: 18 + Math.floor(at(i, 57) * 60),
  town: i % 23 === 0 ? null : ['north', 'south', 'east'][i % 3]!,
  owner: i % 5 < 2,
  since: 1.6e12 + Math.floor(at(i, 71) * 1e11),
}));
const training = createTable([
  numericColumn(
    'income',
    data.map(({ income }) => income),
  ),
  numericColumn(
    'age',
    data.map(({ age }) => age),
  ),
  categoricalColumn(
    'town',
    data.map(({ town }) => town),
  ),
  booleanColumn(
    'owner',
    data.map(({ owner }) => owner),
  ),
  timeColumn(
    'since',
    data.map(({ since }) => since),
  ),
]);
const labels = data.map(({ income, age, town, owner }, i) => {
  const z = (Number.isNaN(income) ? 300 : income) / 250 + (town === 'north' ? 1 : 0) + (owner ? 0.5 : 0);
  return z - age / 40 + at(i, 13) > 2 ? 1 : 0;
});
const target = binaryTarget(labels, ['refused', 'granted']);
const reference = buildReference([
  { kind: 'numeric', name: 'income', values: data.map(({ income }) => income) },
  { kind: 'numeric', name: 'age', values: data.map(({ age }) => age) },
  { kind: 'categorical', name: 'town', values: data.map(({ town }) => town) },
  { kind: 'categorical', name: 'owner', values: data.map(({ owner }) => String(owner)) },
  { kind: 'numeric', name: 'since', values: data.map(({ since }) => since) },
]);

const fit = (name: string, params: Readonly<Record<string, unknown>> = {}): FittedPipeline =>
  fitPipeline({ name, params }, training, target, { seed: 3 });
const calibrated = (fitted: FittedPipeline, kind: 'isotonic' | 'beta' | 'platt'): FittedPipeline =>
  calibrate(fitted, fitCalibration(kind, predictPositive(fitted, training), Float64Array.from(labels)));
const read = (fitted: FittedPipeline): ExplainablePipeline =>
  explainableFromOnnx(writeOnnx(fitted, explanationMetadata(fitted, training)));

const MODELS: Record<string, () => FittedPipeline> = {
  'boosted trees': () => fit('gbm', { trees: 20 }),
  'boosted trees, calibrated by isotonic': () => calibrated(fit('gbm', { trees: 20 }), 'isotonic'),
  'boosted trees, calibrated by platt': () => calibrated(fit('gbm', { trees: 20 }), 'platt'),
  'a random forest': () => fit('random-forest', { trees: 12 }),
  'a random forest, calibrated by beta': () => calibrated(fit('random-forest', { trees: 12 }), 'beta'),
  'logistic regression': () => fit('logistic'),
};

/** Rows that training never saw: missing values, an unseen town, ends of every range. */
const columns: InputColumn[] = [
  {
    kind: 'numbers',
    values: Float64Array.from({ length: 40 }, (_, i) => (i % 6 === 0 ? NaN : i * 30 - 100)),
  },
  { kind: 'numbers', values: Float64Array.from({ length: 40 }, (_, i) => (i % 7 === 0 ? NaN : 15 + i * 2)) },
  {
    kind: 'texts',
    values: Array.from({ length: 40 }, (_, i) => [null, 'north', 'unseen', 'south', 'east'][i % 5]!),
  },
  { kind: 'numbers', values: Float64Array.from({ length: 40 }, (_, i) => (i % 9 === 0 ? NaN : i % 2)) },
  { kind: 'numbers', values: Float64Array.from({ length: 40 }, (_, i) => 1.5e12 + i * 1e10) },
];
const work = { columns, rows: 40, deadline: Infinity, counterfactuals: null };
const one = (row: number): InputColumn[] =>
  columns.map((column) =>
    column.kind === 'numbers'
      ? { kind: 'numbers', values: column.values.slice(row, row + 1) }
      : { kind: 'texts', values: column.values.slice(row, row + 1) },
  );

describe.each(Object.entries(MODELS))('explaining rows of %s', (name, make) => {
  const pipeline = read(make());
  const { fitted } = pipeline;

  it('base and contributions add up to the margin, and the margin leads to the probability', () => {
    const { basis, margins, contributions } = explainRows(pipeline, work);
    expect(basis).toMatchObject({
      method: name === 'logistic regression' ? 'linear_shap' : 'tree_shap',
      units: name.includes('forest') ? 'probability' : 'log_odds',
      // Platt's calibration of log-odds becomes a part of the model itself.
      calibrated: /isotonic|beta/.test(name),
      base_over: 'training_rows',
      base_rows: N,
    });
    const probabilities = predict(fitted, tableOf(fitted.inputs, columns));
    margins.forEach((margin, row) => {
      const own = contributions.subarray(row * 5, row * 5 + 5);
      expect(Math.abs(own.reduce((sum, value) => sum + value, basis.base) - margin)).toBeLessThan(1e-9);
      if (basis.calibrated) return;
      const linked = basis.units === 'log_odds' ? 1 / (1 + Math.exp(-margin)) : margin;
      expect(linked).toBeCloseTo(probabilities[row * 2 + 1]!, 12);
    });
    expect(contributions.some((value) => value !== 0)).toBe(true);
  });

  it('explains a row alone as among others, bit for bit', () => {
    const { margins, contributions } = explainRows(pipeline, work);
    for (const row of [0, 7, 23, 39]) {
      const alone = explainRows(pipeline, { ...work, columns: one(row), rows: 1 });
      expect(alone.margins[0]).toBe(margins[row]);
      expect([...alone.contributions]).toEqual([...contributions.subarray(row * 5, row * 5 + 5)]);
    }
  });
});

describe('counterfactuals', () => {
  const pipeline = read(MODELS['boosted trees']!());
  const { fitted } = pipeline;
  const descriptor = {
    inputs: fitted.inputs.map((input) =>
      input.name === 'age' ? { ...input, change: 'rises' as const } : input,
    ),
    sensitive: ['town'],
  };
  const wanted = (options: object, rows: readonly number[]): CounterfactualWork => {
    const parsed = CounterfactualOptions.parse(options);
    return { ...parsed, ...allowedChanges(descriptor, parsed), rows, threshold: 0.6, reference };
  };
  const found = (options: object, rows: readonly number[] = [1, 2, 3, 30, 31, 32]): Counterfactuals[] => {
    const { counterfactuals } = explainRows(pipeline, { ...work, counterfactuals: wanted(options, rows) });
    return rows.map((row) => counterfactuals[row]!);
  };

  it('turn the decision of the row, as the model itself says, over the threshold and back', () => {
    const scores = predictPositive(fitted, tableOf(fitted.inputs, columns));
    const rows = [1, 2, 3, 30, 31, 32];
    const answers = found({}, rows);
    expect(new Set(rows.map((row) => scores[row]! >= 0.6)).size).toBe(2);
    expect(answers.filter(({ found: ways }) => ways.length > 0).length).toBeGreaterThan(3);
    answers.forEach(({ complete, found: ways }, i) => {
      expect(complete).toBe(true);
      for (const { changes, label, probability } of ways) {
        expect(label).toBe(scores[rows[i]!]! >= 0.6 ? 'refused' : 'granted');
        const changed = one(rows[i]!).map((column, input): InputColumn => {
          const to = changes.find((change) => change.column === fitted.inputs[input]!.name)?.to;
          if (to === undefined) return column;
          return column.kind === 'numbers'
            ? { kind: 'numbers', values: Float64Array.of(Number(to)) }
            : { kind: 'texts', values: [to as string] };
        });
        expect(predictPositive(fitted, tableOf(fitted.inputs, changed))[0]).toBe(probability);
      }
    });
  });

  it('change neither sensitive columns nor what is named as immutable, and numbers only as they may', () => {
    const changes = found({ immutable: ['owner'], direction: { income: 'rises' } })
      .flatMap(({ found: ways }) => ways)
      .flatMap((way) => way.changes);
    expect(changes.length).toBeGreaterThan(3);
    for (const { column, from, to } of changes) {
      expect(['income', 'age', 'since']).toContain(column);
      if (column !== 'since' && from !== null) expect(Number(to)).toBeGreaterThan(Number(from));
    }
    // The contract says of age that it rises; the request that it falls: then it stays.
    expect(allowedChanges(descriptor, CounterfactualOptions.parse({ direction: { age: 'falls' } }))).toEqual({
      immutable: ['town', 'age'],
      direction: {},
    });
  });

  it('come as far as the time allows, and say so', () => {
    let now = 0;
    const { counterfactuals, margins } = explainRows(
      pipeline,
      { ...work, deadline: 8, counterfactuals: wanted({}, [1, 2]) },
      () => now++,
    );
    expect(margins).toHaveLength(40);
    expect(counterfactuals[2]).toEqual({ complete: false, found: [] });
  });

  it('are refused for columns that the model has not, and directions of what has none', () => {
    const options = (given: object) => CounterfactualOptions.parse(given);
    expect(() => allowedChanges(descriptor, options({ immutable: ['wealth'] }))).toThrow(
      'The model has no input wealth; it has income, age, town, owner, since.',
    );
    expect(() => allowedChanges(descriptor, options({ direction: { owner: 'rises' } }))).toThrow(
      'only numbers and times rise or fall',
    );
  });
});

describe('what cannot be explained', () => {
  it('is a row whose margin is infinite, named', () => {
    const values = Float64Array.of(1, Infinity, 3);
    const infinite = [{ kind: 'numbers' as const, values }, ...columns.slice(1).map((_, i) => three(i + 1))];
    expect(() =>
      explainRows(read(MODELS['logistic regression']!()), { ...work, columns: infinite, rows: 3 }),
    ).toThrow('Row 1 has no finite margin');
  });

  it('is what takes longer than somebody waits', () => {
    const late = { ...work, deadline: 1_000 };
    expect(() => explainRows(read(MODELS['boosted trees']!()), late, () => 1_001)).toThrow('took too long');
  });

  const three = (input: number): InputColumn => {
    const column = columns[input]!;
    return column.kind === 'numbers'
      ? { kind: 'numbers', values: column.values.slice(0, 3) }
      : { kind: 'texts', values: column.values.slice(0, 3) };
  };
});
