import { calibrate } from '../calibration/calibrate';
import { explain } from '../explain/explain';
import { predict, predictPositive } from '../pipeline/predict';
import { Random } from '../random/random';
import { predictionLoss } from '../selection/prediction-loss';
import { createTable, numericColumn } from '../table/create-table';
import { binaryTarget, multiclassTarget, regressionTarget } from '../target/target';
import { AdamLayer } from './adam-layer';
import { mlp } from './mlp.learner';

const random = new Random(11);
const points = Array.from({ length: 600 }, () => [random.next() * 2 - 1, random.next() * 2 - 1] as const);
const table = createTable([
  numericColumn(
    'a',
    points.map(([a]) => a),
  ),
  numericColumn(
    'b',
    points.map(([, b]) => b),
  ),
]);
const xor = binaryTarget(points.map(([a, b]) => a * b > 0));
const quick = { hidden: [16, 8], learningRate: 0.01, batchSize: 32, maxEpochs: 60 };

describe('mlp', () => {
  it('learns what no linear model can: classes, several classes and numbers', () => {
    const binary = mlp(quick).fit(table, xor);
    expect(predictionLoss(xor, predict(binary, table), 2)).toBeLessThan(0.2);
    const corner = multiclassTarget(points.map(([a, b]) => (a * b > 0 ? 'same' : a > 0 ? 'right' : 'left')));
    expect(predictionLoss(corner, predict(mlp(quick).fit(table, corner), table), 3)).toBeLessThan(0.25);
    const product = regressionTarget(points.map(([a, b]) => 1000 + 50 * a * b));
    const squared = predictionLoss(product, predict(mlp(quick).fit(table, product), table), 1);
    expect(squared).toBeLessThan(0.1 * 50 ** 2 * (1 / 9));
  });

  it('gives the same bytes for the same seed, others for another', () => {
    const bytes = (seed: number): string =>
      JSON.stringify(mlp({ ...quick, maxEpochs: 2 }).fit(table, xor, { seed }));
    expect(bytes(1)).toBe(bytes(1));
    expect(bytes(1)).not.toBe(bytes(2));
  });

  it('stops early, keeps the best epoch and can be cancelled', () => {
    const losses: number[] = [];
    const noise = binaryTarget(points.map(() => random.next() < 0.5));
    const onProgress = ({ validationLoss }: { validationLoss?: number }) => losses.push(validationLoss!);
    const fitted = mlp({ ...quick, maxEpochs: 500, earlyStoppingRounds: 5 }).fit(table, noise, {
      validation: { table, target: xor },
      onProgress,
    });
    expect(losses.length).toBeLessThan(500);
    expect(predictionLoss(xor, predict(fitted, table), 2)).toBe(Math.min(...losses));
    expect(() => mlp().fit(table, xor, { shouldStop: () => true })).toThrow(/cancelled/);
  });

  it('has the gradients of its loss: Adam’s first step goes against the sign of each', () => {
    const layer = new AdamLayer(2, 1, new Random(1));
    const before = layer.copy();
    layer.accumulate(Float64Array.of(2), Float64Array.of(3, -4), 0);
    layer.step(1, 0, 0.1);
    expect(layer.weights[0]! - before.weights[0]!).toBeCloseTo(-0.1, 8);
    expect(layer.weights[1]! - before.weights[1]!).toBeCloseTo(0.1, 8);
    expect(layer.biases[0]! - before.biases[0]!).toBeCloseTo(-0.1, 8);
  });

  it('takes Platt’s map into its last layer, and says what it can not do', () => {
    const fitted = mlp({ ...quick, maxEpochs: 3 }).fit(table, xor);
    const calibrated = calibrate(fitted, { kind: 'platt', slope: 2, intercept: 0.5 });
    expect(calibrated.calibration).toBeUndefined();
    const odds = (p: number): number => Math.log(p / (1 - p));
    expect(odds(predictPositive(calibrated, table)[0]!)).toBeCloseTo(
      2 * odds(predictPositive(fitted, table)[0]!) + 0.5,
      9,
    );
    expect(() => explain(fitted, table, { background: table })).toThrow(/network/);
    expect(() => mlp({ hidden: [1, 2, 3] })).toThrow(/one or two whole numbers/);
  });
});
