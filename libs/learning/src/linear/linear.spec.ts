import fixture from '../../reference/fixtures/linear.json';
import { createLearner, learners } from '../learner/learners';
import { predict } from '../pipeline/predict';
import { categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { multiclassTarget, regressionTarget } from '../target/target';
import type { LinearModel } from './linear-model';

const encoding = { numeric: { kind: 'number' } } as const;
const tableOf = (columns: number[][]) =>
  createTable(columns.map((values, j) => numericColumn(`x${j}`, values)));
const close = (value: number, expected: number): void =>
  expect(Math.abs(value - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));

describe('linear models have the coefficients of scikit-learn', () => {
  it.each(fixture.cases)('$name, weighted: $weighted', (expected) => {
    const learner = createLearner({ name: expected.name, params: { ...expected.params, encoding } });
    const weights = expected.weighted ? Float64Array.from(fixture.weights) : undefined;
    const fitted = learner.fit(tableOf(fixture.x), regressionTarget(fixture.y), { weights });
    const { model } = fitted.predictor as { model: LinearModel };
    expected.coefficients.forEach((coefficient, j) => close(model.weights[j]!, coefficient));
    close(model.intercepts[0]!, expected.intercept);
    const predicted = predict(fitted, tableOf(fixture.x));
    expected.predictions.forEach((value, i) => close(predicted[i]!, value));
  });

  it('multinomial', () => {
    const { x, y, c, coefficients, intercepts, probabilities } = fixture.multinomial;
    const target = multiclassTarget(y.map(String));
    const fitted = learners.multinomial({ c, encoding }).fit(tableOf(x), target);
    const { model } = fitted.predictor as { model: LinearModel };
    coefficients.flat().forEach((coefficient, j) => close(model.weights[j]!, coefficient));
    intercepts.forEach((intercept, k) => expect(model.intercepts[k]).toBeCloseTo(intercept, 4));
    const predicted = predict(fitted, tableOf(x));
    probabilities.flat().forEach((p, i) => expect(predicted[i]).toBeCloseTo(p, 5));
  });
});

describe('linear models at the edges', () => {
  it('take collinear one-hot features, constant columns and a column that is all missing', () => {
    const table = createTable([
      categoricalColumn('c', ['a', 'b', 'a', 'b', 'c', 'c']),
      numericColumn('same', [1, 1, 1, 1, 1, 1]),
      numericColumn('none', [null, null, null, null, null, null]),
    ]);
    const y = regressionTarget([1, 3, 1, 3, 8, 8]);
    for (const name of ['linear', 'ridge', 'lasso', 'elastic-net', 'poisson'] as const) {
      const p = predict(
        createLearner({ name, params: name === 'linear' ? {} : { alpha: 1e-3 } }).fit(table, y),
        table,
      );
      y.values.forEach((value, i) => expect(Math.abs(p[i]! - value)).toBeLessThan(0.03));
    }
  });

  it('refuse what overflows instead of going round in circles', () => {
    const table = createTable([numericColumn('x', [1e300, -1e300, 1e299, 5])]);
    const y = regressionTarget([1, 2, 3, 4]);
    for (const name of ['linear', 'ridge', 'poisson'] as const) {
      expect(() => createLearner({ name, params: { encoding } }).fit(table, y)).toThrow(
        /too large to compute with/,
      );
    }
  });

  it('name the class that has no rows', () => {
    const target = multiclassTarget(['a', 'b', 'a'], ['a', 'b', 'z']);
    const table = createTable([numericColumn('x', [1, 2, 3])]);
    expect(() => learners.multinomial().fit(table, target)).toThrow(/class "z"/);
    expect(() => learners.poisson().fit(table, regressionTarget([0, -1, 2]))).toThrow(/negative; row 1/);
  });
});
