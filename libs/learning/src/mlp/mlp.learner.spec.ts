import { calibrate } from '../calibration/calibrate';
import { explain } from '../explain/explain';
import { predict, predictPositive } from '../pipeline/predict';
import { Random } from '../random/random';
import { predictionLoss } from '../selection/prediction-loss';
import { createTable, numericColumn } from '../table/create-table';
import { binaryTarget, multiclassTarget, regressionTarget } from '../target/target';
import { createReferenceKernel } from '../boosting/kernel/reference-kernel';
import { mlp } from './mlp.learner';
import { mlpScores, type MlpModel } from './mlp-model';
import { Network, type NetworkData } from './network';

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

  it.each([
    ['logistic', [3]],
    ['softmax', [5, 4]],
    ['identity', [4, 7]],
  ] as const)('has the gradients of its loss: %s, %j', (link, hidden) => {
    const data = dataOf(link, hidden);
    // More rows than pass at once, and not a multiple of four.
    const rows = Int32Array.from({ length: 71 }, (_, i) => i);
    const network = new Network(data);
    network.gather(rows);
    const model = network.model();
    network.gathered().forEach((gradient, i) => {
      for (const kind of ['weights', 'biases'] as const) {
        gradient[kind].forEach((slope, j) => {
          const at = (nudge: number): number =>
            summedLoss(nudged(model, i, kind, j, nudge), data, rows.length);
          expect((at(1e-6) - at(-1e-6)) / 2e-6).toBeCloseTo(slope, 4);
        });
      }
    });
  });

  it('steps as Adam does: at first by the learning rate against the sign of each slope', () => {
    const network = new Network(dataOf('logistic', [3]));
    const rows = Int32Array.of(0, 1, 2);
    network.gather(rows);
    const gradient = network.gathered()[0]!.weights.map((slope) => slope / 3);
    const before = network.model().layers[0]!.weights;
    const again = new Network(dataOf('logistic', [3]));
    again.learn(rows, 0, 0.1);
    const moved = again.model().layers[0]!.weights.map((weight, i) => weight - before[i]!);
    // Where a unit is never active its slopes are 0, and nothing moves.
    const steep = Array.from(gradient.keys()).filter((i) => Math.abs(gradient[i]!) > 1e-5);
    expect(steep.length).toBeGreaterThan(2);
    for (const i of steep) expect(moved[i]).toBeCloseTo(-0.1 * Math.sign(gradient[i]!), 3);
    expect(again.gathered()[0]!.weights.every((slope) => slope === 0)).toBe(true);
  });

  it('gives the bits of plain TypeScript', () => {
    const data = dataOf('softmax', [5, 6]);
    const rows = Int32Array.from({ length: 71 }, (_, i) => i);
    const [one, other] = [new Network(data), new Network(data, createReferenceKernel)];
    for (const network of [one, other]) for (let i = 0; i < 5; i++) network.learn(rows, 0.01, 0.1);
    expect(one.model()).toEqual(other.model());
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

/** A little data of 71 rows, weighted, in which no unit stands exactly at its bend. */
function dataOf(link: MlpModel['link'], hidden: readonly number[]): NetworkData {
  const draw = new Random(3);
  const features = 3;
  const values = Float64Array.from({ length: 71 * features }, () => draw.normal());
  const y = Float64Array.from({ length: 71 }, () =>
    link === 'softmax' ? draw.below(5) : link === 'logistic' ? draw.below(2) : draw.normal(),
  );
  const weights = Float64Array.from({ length: 71 }, () => draw.next() + 0.5);
  return { features, values, y, weights, outputs: link === 'softmax' ? 5 : 1, link, hidden, seed: 2 };
}

function nudged(
  model: MlpModel,
  layer: number,
  kind: 'weights' | 'biases',
  at: number,
  by: number,
): MlpModel {
  const layers = model.layers.map((each, i) =>
    i === layer ? { ...each, [kind]: each[kind].map((value, j) => (j === at ? value + by : value)) } : each,
  );
  return { ...model, layers };
}

/** The weighted sum of log losses, or of half the squared errors. */
function summedLoss(model: MlpModel, { values, y, weights, link }: NetworkData, rows: number): number {
  const scores = mlpScores(model, values, rows);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const own = scores.subarray(i * model.outputs, (i + 1) * model.outputs);
    const loss = {
      identity: () => (own[0]! - y[i]!) ** 2 / 2,
      logistic: () => Math.log1p(Math.exp(y[i] === 1 ? -own[0]! : own[0]!)),
      softmax: () => Math.log(own.reduce((total, v) => total + Math.exp(v), 0)) - own[y[i]!]!,
    }[link]();
    sum += weights![i]! * loss;
  }
  return sum;
}
