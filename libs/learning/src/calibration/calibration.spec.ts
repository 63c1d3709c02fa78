import fixture from '../../reference/fixtures/calibration.json';
import { learners } from '../learner/learners';
import { predictPositive } from '../pipeline/predict';
import { Random } from '../random/random';
import { crossValidate } from '../selection/cross-validate';
import { stratifiedFolds } from '../selection/folds';
import { createTable, numericColumn } from '../table/create-table';
import { binaryTarget } from '../target/target';
import { calibrate } from './calibrate';
import { applyCalibration, type Calibration } from './calibration';
import { fitCalibration } from './fit-calibration';

const p = Float64Array.from(fixture.p);
const y = Float64Array.from(fixture.y);

// A busy machine is slow.
jest.setTimeout(60_000);

describe('calibration', () => {
  it.each(fixture.cases)('is as in scikit-learn, weighted: $weighted', (expected) => {
    const weights = expected.weighted ? Float64Array.from(fixture.weights) : undefined;
    for (const kind of ['platt', 'isotonic'] as const) {
      const fitted = fitCalibration(kind, p, y, weights);
      fixture.grid.forEach((at, i) => {
        expect(Math.abs(applyCalibration(fitted, at) - expected[kind][i]!)).toBeLessThan(
          kind === 'platt' ? 1e-4 : 1e-9,
        );
      });
    }
  });

  it('beta finds the map that made the outcomes, and never falls', () => {
    const random = new Random(4);
    const said = Float64Array.from({ length: 20_000 }, () => random.next());
    const truth = { kind: 'beta', a: 2, b: 0.5, c: 0.3 } as const;
    const came = said.map((v) => (random.next() < applyCalibration(truth, v) ? 1 : 0));
    const fitted = fitCalibration('beta', said, came) as Extract<Calibration, { kind: 'beta' }>;
    expect(fitted.a).toBeCloseTo(2, 0);
    expect(fitted.b).toBeCloseTo(0.5, 0);
    const upsideDown = fitCalibration(
      'beta',
      said,
      came.map((v) => 1 - v),
    ) as typeof fitted;
    expect(Math.min(upsideDown.a, upsideDown.b)).toBeGreaterThanOrEqual(0);
  });

  it('refuses what it can not learn from', () => {
    expect(() =>
      fitCalibration(
        'platt',
        p,
        y.map(() => 1),
      ),
    ).toThrow(/outcomes of both classes/);
    expect(() =>
      fitCalibration(
        'platt',
        p.map((v) => v + 1),
        y,
      ),
    ).toThrow(/one probability from 0 to 1/);
  });
});

describe('a calibrated pipeline', () => {
  const random = new Random(5);
  const x = Array.from({ length: 2000 }, () => random.normal());
  const table = createTable([
    numericColumn('x', x),
    numericColumn(
      'noise',
      x.map(() => random.normal()),
    ),
  ]);
  const target = binaryTarget(x.map((v) => random.next() < 1 / (1 + Math.exp(-v))));
  const learner = learners.gbm({ trees: 300, learningRate: 0.3, minChildSamples: 2 });
  const fitted = learner.fit(table, target);
  const { oof } = crossValidate({ learner, table, target, folds: stratifiedFolds(target, 3) });
  const outOfFold = oof.filter((_, i) => i % 2 === 1);
  const logLoss = (said: Float64Array): number =>
    said.reduce((sum, v, i) => sum - Math.log(Math.max(1e-15, target.values[i] === 1 ? v : 1 - v)), 0) / 2000;

  it.each(['platt', 'beta', 'isotonic'] as const)('%s, cross-fitted, mends an overfitted model', (kind) => {
    const calibration = fitCalibration(kind, outOfFold, target.values);
    expect(logLoss(outOfFold.map((v) => applyCalibration(calibration, v)))).toBeLessThan(
      logLoss(outOfFold) * 0.7,
    );
    const calibrated = calibrate(fitted, calibration);
    const raw = predictPositive(fitted, table);
    predictPositive(calibrated, table).forEach((v, i) => {
      expect(v).toBeCloseTo(applyCalibration(calibration, raw[i]!), 9);
    });
    expect(calibrated.calibration === undefined).toBe(kind === 'platt');
  });
});
