import fixture from '../../reference/fixtures/shap.json';
import { learners } from '../learner/learners';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { predictScores } from '../pipeline/predict';
import { Random } from '../random/random';
import { categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { selectRows } from '../table/select-table';
import { binaryTarget, multiclassTarget } from '../target/target';
import type { TreeEnsemble } from '../trees/tree-ensemble';
import { explain, type Explanation } from './explain';

const tableOf = (rows: (number | null)[][]) =>
  createTable(
    rows[0]!.map((_, j) =>
      numericColumn(
        `x${j}`,
        rows.map((row) => row[j]!),
      ),
    ),
  );

/** XGBoost's trees as our ensemble. */
function referenceModel(): FittedPipeline {
  const nodes = fixture.trees.flatMap((tree, t) => {
    const start = fixture.trees.slice(0, t).reduce((sum, other) => sum + other.left.length, 0);
    return tree.left.map((left, i) => ({
      left: left < 0 ? -1 : start + left,
      right: left < 0 ? -1 : start + tree.right[i]!,
      feature: tree.feature[i]!,
      threshold: tree.threshold[i]!,
      missingLeft: tree.missingLeft[i]!,
      cover: tree.cover[i]!,
      value: tree.value[i]!,
      root: i === 0 ? start : -1,
    }));
  });
  const of = (key: keyof (typeof nodes)[0]): number[] => nodes.map((node) => node[key]);
  const ensemble: TreeEnsemble = {
    features: 6,
    outputs: 1,
    base: Float64Array.of(0),
    roots: Int32Array.from(of('root').filter((root) => root >= 0)),
    treeOutput: new Int32Array(fixture.trees.length),
    feature: Int32Array.from(of('feature')),
    threshold: Float64Array.from(of('threshold')),
    left: Int32Array.from(of('left')),
    right: Int32Array.from(of('right')),
    missingLeft: Uint8Array.from(of('missingLeft')),
    categoryOffset: new Int32Array(nodes.length).fill(-1),
    categoryBits: new Uint32Array(0),
    leafValues: Float64Array.from(of('value')),
    cover: Float64Array.from(of('cover')),
    aggregate: 'sum',
    link: 'logistic',
  };
  const names = [0, 1, 2, 3, 4, 5].map((j) => `x${j}`);
  return {
    task: 'binary',
    inputs: names.map((name) => ({ name, kind: 'numeric' })),
    encoders: names.map((input) => ({ kind: 'number', input, fill: null, center: 0, scale: 1, width: 1 })),
    predictor: { kind: 'trees', ensemble },
    classes: ['0', '1'],
  };
}

/** Each row's contributions and base sum to its score. */
function expectSums(explanation: Explanation, scores: Float64Array): void {
  const { values, base, outputs, inputs } = explanation;
  scores.forEach((score, i) => {
    const own = values.subarray(i * inputs.length, (i + 1) * inputs.length);
    expect(base[i % outputs]! + own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(score, 9);
  });
}

describe('SHAP values of trees', () => {
  const model = referenceModel();
  const table = tableOf(fixture.rows);

  it('scores the reference trees as XGBoost does', () => {
    predictScores(model, table).forEach((score, i) => expect(score).toBeCloseTo(fixture.margins[i]!, 5));
  });

  it('are those of XGBoost, path-dependent, with missing values', () => {
    const explanation = explain(model, table);
    expectSums(explanation, predictScores(model, table));
    fixture.pathDependent.forEach((row, i) => {
      row
        .slice(0, 6)
        .forEach((value, j) => expect(Math.abs(explanation.values[i * 6 + j]! - value)).toBeLessThan(1e-5));
      expect(explanation.base[0]).toBeCloseTo(row[6]!, 5);
    });
  });

  it('are those of shap, interventional', () => {
    const background = tableOf(fixture.background);
    const explanation = explain(model, table, { background });
    expectSums(explanation, predictScores(model, table));
    expect(explanation.base[0]).toBeCloseTo(fixture.interventionalBase, 5);
    fixture.interventional.forEach((row, i) =>
      row.forEach((value, j) => expect(Math.abs(explanation.values[i * 6 + j]! - value)).toBeLessThan(1e-5)),
    );
  });
});

describe('SHAP values of pipelines', () => {
  const random = new Random(12);
  const a = Array.from({ length: 500 }, () => (random.next() < 0.1 ? NaN : random.normal()));
  const c = a.map(() => ['u', 'v', 'w'][random.below(3)]!);
  const table = createTable([numericColumn('a', a), categoricalColumn('c', c)]);
  const labels = a.map((v, i) => (v || 0) + (c[i] === 'u' ? 1 : -1) + random.normal() > 0);
  const some = selectRows(
    table,
    Int32Array.from({ length: 30 }, (_, i) => i),
  );

  it.each(['gbm', 'logistic'] as const)('of %s sum to the score, input by input', (name) => {
    const fitted = learners[name]().fit(table, binaryTarget(labels));
    const explanation = explain(fitted, some, {
      background: selectRows(
        table,
        Int32Array.from({ length: 40 }, (_, i) => i + 60),
      ),
    });
    expect(explanation.inputs).toEqual(['a', 'c']);
    expectSums(explanation, predictScores(fitted, some));
  });

  it('of several classes sum to each class score', () => {
    const target = multiclassTarget(a.map((v, i) => (v > 0.5 ? 'high' : c[i]!)));
    const fitted = learners.gbm({ trees: 10 }).fit(table, target);
    const explanation = explain(fitted, some);
    expect(explanation.outputs).toBe(4);
    expectSums(explanation, predictScores(fitted, some));
  });

  it('needs background rows for a linear model', () => {
    const fitted = learners.logistic().fit(table, binaryTarget(labels));
    expect(() => explain(fitted, some)).toThrow(/against background rows/);
  });
});
