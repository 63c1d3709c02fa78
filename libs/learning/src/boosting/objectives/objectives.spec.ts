import { predict } from '../../pipeline/predict';
import { Random } from '../../random/random';
import { createTable, numericColumn } from '../../table/create-table';
import { multiclassTarget, rankingTarget, regressionTarget, type Target } from '../../target/target';
import { gbm } from '../gbm.learner';
import { createTrainingMemory } from '../training-memory';
import { createReferenceKernel } from '../kernel/reference-kernel';
import { createObjective } from './create-objective';
import { meanNdcg } from './lambdamart.objective';
import { weightedQuantile } from './weighted-quantile';

const random = new Random(11);
const rows = 2000;
const x = Float64Array.from({ length: rows }, () => Math.round(random.normal() * 40) / 20);
const noise = Float64Array.from({ length: rows }, () => random.normal());
const table = createTable([numericColumn('x', x)]);
const defaults = { loss: 'auto', quantile: 0.5, huberDelta: 1, ndcgAt: 30 } as const;

/** Gradients of an objective at given scores, with the numeric derivative of its own loss beside them. */
function gradientsOf(target: Target, params: object, scores: Float64Array) {
  const objective = createObjective(target, undefined, { ...defaults, ...params });
  const n = target.values.length;
  const data = { rows: n, mappers: [], bins: new Uint8Array(0) };
  const memory = createTrainingMemory(data, objective.outputs, 1, createReferenceKernel);
  memory.targetView.set(target.values);
  memory.scoreView.set(scores);
  objective.gradients(memory, 0);
  const numeric = Float64Array.from({ length: n }, (_, i) => {
    const at = (step: number): number => {
      const moved = memory.scoreView.slice();
      moved[i]! += step;
      return objective.loss(moved, memory.stride, target, undefined);
    };
    return ((at(1e-5) - at(-1e-5)) / 2e-5) * n;
  });
  return { gradients: memory.gradientView, numeric };
}

// A busy machine is slow.
jest.setTimeout(60_000);

describe('gradients are the derivatives of the loss', () => {
  const scores = Float64Array.from({ length: 20 }, () => random.normal());
  const values = Float64Array.from({ length: 20 }, () => Math.abs(random.normal() * 2));
  it.each([
    ['squared', 2],
    ['absolute', 1],
    ['quantile', 1],
    ['huber', 1],
    ['poisson', 1],
  ])('%s', (loss, factor) => {
    const { gradients, numeric } = gradientsOf(regressionTarget(values), { loss, quantile: 0.8 }, scores);
    numeric.forEach((value, i) => expect(gradients[2 * i]! * factor).toBeCloseTo(value, 5));
  });

  it('softmax', () => {
    const classes = Array.from({ length: 20 }, (_, i) => ['a', 'b', 'c'][i % 3]!);
    const all = Float64Array.from({ length: 60 }, () => random.normal());
    const { gradients, numeric } = gradientsOf(multiclassTarget(classes), {}, all);
    numeric.forEach((value, i) => expect(gradients[2 * i]).toBeCloseTo(value, 5));
  });

  it('lambdamart: gradients of a group sum to zero and lift the relevant rows', () => {
    const target = rankingTarget([2, 0, 1, 0, 1, 0], Int32Array.of(1, 1, 1, 2, 2, 2));
    const { gradients } = gradientsOf(target, {}, Float64Array.of(0, 1, 2, 0, 0, 0));
    expect(gradients[0]! + gradients[2]! + gradients[4]!).toBeCloseTo(0, 12);
    expect(gradients[0]).toBeLessThan(0);
    expect(gradients[2]).toBeGreaterThan(0);
    expect(gradients[8]).toBeLessThan(0);
  });
});

describe('boosting with each loss', () => {
  const mean = x.map((v) => 2 * Math.sin(v));
  const target = regressionTarget(mean.map((m, i) => m + noise[i]!));
  const fitted = (params: object, y: Target = target): Float64Array =>
    predict(gbm(params).fit(table, y), table);

  it.each(['squared', 'absolute', 'huber'] as const)('%s finds the centre', (loss) => {
    const p = fitted({ loss });
    const error = p.reduce((sum, value, i) => sum + (value - mean[i]!) ** 2, 0) / rows;
    expect(error).toBeLessThan(0.1);
  });

  it('quantile leaves its share of rows below', () => {
    const p = fitted({ loss: 'quantile', quantile: 0.8 });
    const below = target.values.filter((y, i) => y <= p[i]!).length / rows;
    expect(below).toBeGreaterThan(0.76);
    expect(below).toBeLessThan(0.84);
  });

  it('poisson keeps the sum of counts', () => {
    const counts = Array.from(x, (v) => {
      let [k, p] = [0, random.next()];
      for (const limit = Math.exp(-Math.exp(v / 2)); p > limit; k++) p *= random.next();
      return k;
    });
    const p = fitted({ loss: 'poisson' }, regressionTarget(counts));
    expect(p.every((value) => value > 0)).toBe(true);
    expect(p.reduce((a, b) => a + b, 0) / counts.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 1);
    expect(() => fitted({ loss: 'poisson' })).toThrow(/can not be negative; row/);
  });

  it('softmax tells classes apart, and its probabilities sum to 1', () => {
    const names = Array.from(x, (v, i) =>
      v + noise[i]! / 4 < -0.5 ? 'low' : v + noise[i]! / 4 < 0.5 ? 'mid' : 'top',
    );
    const y = multiclassTarget(names);
    const p = fitted({ trees: 30 }, y);
    expect(p).toHaveLength(rows * 3);
    let right = 0;
    for (let i = 0; i < rows; i++) {
      const own = Array.from(p.subarray(i * 3, i * 3 + 3));
      expect(own[0]! + own[1]! + own[2]!).toBeCloseTo(1, 12);
      if (own.indexOf(Math.max(...own)) === y.values[i]) right++;
    }
    expect(right / rows).toBeGreaterThan(0.85);
  });

  it('lambdamart ranks better than chance and than its start', () => {
    const groups = Int32Array.from({ length: rows }, (_, i) => i % 100);
    const y = rankingTarget(
      x.map((v, i) => Math.max(0, Math.min(4, Math.round(v + noise[i]! / 2 + 1)))),
      groups,
    );
    const p = fitted({ trees: 30 }, y);
    expect(meanNdcg(p, y, 10)).toBeGreaterThan(meanNdcg(noise, y, 10) + 0.2);
  });
});

describe('weighted quantile', () => {
  it('takes a weight of 2 as the value twice', () => {
    const values = Float64Array.of(5, 1, 3, 2);
    const twice = Float64Array.of(5, 5, 1, 3, 2, 2);
    for (const level of [0.1, 0.5, 1 / 3, 0.9]) {
      expect(weightedQuantile(values, Float64Array.of(2, 1, 1, 2), level)).toBe(
        weightedQuantile(twice, undefined, level),
      );
    }
    expect(weightedQuantile(Float64Array.of(1, 2, 3, 4), undefined, 0.5)).toBe(2.5);
  });
});
