import fixture from '../../../reference/fixtures/logistic.json';
import { predictPositive } from '../../pipeline/predict';
import { createTable, numericColumn } from '../../table/create-table';
import { binaryTarget } from '../../target/target';
import type { LinearModel } from '../linear-model';
import { logistic } from './logistic.learner';

const table = createTable(fixture.x.map((values, j) => numericColumn(`x${j}`, values)));
const target = binaryTarget(fixture.y);

describe('logistic regression', () => {
  it.each(fixture.cases)('has the coefficients of scikit-learn at C = $c', (expected) => {
    const learner = logistic({ c: expected.c, classWeight: expected.balanced ? 'balanced' : 'none' });
    const weights = expected.weighted ? Float64Array.from(fixture.weights) : undefined;
    const fitted = learner.fit(table, target, { weights });
    const { model } = fitted.predictor as { model: LinearModel };
    expected.coefficients.forEach((coefficient, j) => {
      expect(Math.abs(model.weights[j]! - coefficient)).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(coefficient)),
      );
    });
    expect(model.intercepts[0]).toBeCloseTo(expected.intercept, 4);
    const predicted = predictPositive(fitted, table);
    expected.probabilities.forEach((p, i) => expect(predicted[i]).toBeCloseTo(p, 6));
  });

  it('does not depend on the order of rows, and a weight of 2 is the row twice', () => {
    const x = [1, 2, 3, 4, 5, 6];
    const y = [0, 0, 1, 0, 1, 1];
    const plain = { numeric: { kind: 'number' } } as const;
    const fit = (rows: number[], weights?: Float64Array) =>
      logistic({ encoding: plain }).fit(
        createTable([
          numericColumn(
            'x',
            rows.map((i) => x[i]!),
          ),
        ]),
        binaryTarget(rows.map((i) => y[i]!)),
        { weights },
      ).predictor as { model: LinearModel };
    const once = fit([0, 1, 2, 3, 4, 5], Float64Array.of(1, 2, 1, 1, 2, 1)).model;
    const twice = fit([4, 5, 3, 1, 2, 0, 4, 1]).model;
    expect(once.weights[0]).toBeCloseTo(twice.weights[0]!, 9);
    expect(once.intercepts[0]).toBeCloseTo(twice.intercepts[0]!, 9);
  });

  it('names what it can not learn from', () => {
    const one = createTable([numericColumn('x', [1, 2, 3])]);
    const fitOn = (values: number[], y: number[]) => () =>
      logistic().fit(createTable([numericColumn('x', values)]), binaryTarget(y));
    expect(fitOn([1, Infinity, 2], [0, 1, 1])).toThrow(/"x" holds infinite/);
    expect(() => logistic().fit(one, binaryTarget([1, 1, 1]))).toThrow(/one class/);
    expect(() => logistic({ c: -1 })).toThrow(/Parameter "c" of logistic must be a number above 0/);
    expect(() => logistic({ d: 1 } as object)).toThrow(/Parameter "d" of logistic is not known/);
    const raw = logistic({ encoding: { numeric: { kind: 'number' } } });
    expect(() => raw.fit(createTable([numericColumn('x', [1, NaN])]), binaryTarget([0, 1]))).toThrow(
      /"x" is missing or infinite in row 1/,
    );
  });

  it('stays finite on separated data', () => {
    const separated = createTable([
      numericColumn('x', [1, 2, 10, 11]),
      numericColumn('constant', [5, 5, 5, 5]),
    ]);
    const fitted = logistic({ c: 1e6 }).fit(separated, binaryTarget([0, 0, 1, 1]));
    const p = predictPositive(fitted, separated);
    expect(p[0]).toBeLessThan(0.01);
    expect(p[3]).toBeGreaterThan(0.99);
  });
});
