import {
  binaryTarget,
  booleanColumn,
  categoricalColumn,
  createTable,
  fitPipeline,
  type FittedPipeline,
  type LearnerSpec,
  numericColumn,
  predict,
  predictScores,
  multiclassTarget,
  regressionTarget,
  type Table,
  timeColumn,
} from '@steward/learning';

import { decodeModel, encodeModel } from '../model-file/model-file';
import { scorerFromOnnx } from '../read/scorer-from-onnx';
import { compileScorer } from '../scorer/compile-scorer';
import type { Scorer } from '../scorer/scorer';
import { EPOCH, Random } from '../testing/random-pipeline.factory';
import { writeOnnx } from '../write/write-onnx';
import { checkOnnx } from './check-onnx';

const CITIES = Array.from({ length: 40 }, (_, i) => `city ${i}`);

/** Rows whose outcome hangs on every kind of column, with missing values; `wide` has cities never trained on. */
function data(rows: number, seed: number, wide = false) {
  const random = new Random(seed);
  const list = <T>(make: () => T): T[] => Array.from({ length: rows }, make);
  const income = list(() => (random.next() < 0.1 ? NaN : Math.round(random.next() * 1e5) / 10));
  const opened = list(() => EPOCH + Math.floor(random.next() * 1000));
  const city = list(() =>
    random.next() < 0.1 ? null : wide && random.next() < 0.1 ? 'nowhere' : random.pick(CITIES),
  );
  const flag = list(() => random.next() < 0.5);
  const score = income.map((x, i) => {
    const wealth = Number.isNaN(x) ? 1 : x / 5000 - 1;
    const late = opened[i]! > EPOCH + 500 ? 1 : -1;
    const place = (city[i] ?? 'city 3').charCodeAt(5) % 2 === 0 ? 1 : -1;
    return wealth + late + place + (flag[i] ? 0.5 : -0.5);
  });
  const table = createTable([
    numericColumn('income', income),
    timeColumn('opened', opened),
    categoricalColumn('city', city),
    booleanColumn('flag', flag),
  ]);
  const outcome = score.map((z) => random.next() < 1 / (1 + Math.exp(-z)));
  const multiclass = multiclassTarget(score.map((z) => (z > 1 ? 'high' : z < -1 ? 'low' : 'middle')));
  return { table, binary: binaryTarget(outcome), regression: regressionTarget(score), multiclass };
}

const train = data(2000, 1);
const fresh = data(300, 2, true);

function predictions(scorer: Scorer, table: Table): Float64Array {
  const out = new Float64Array(table.rows * scorer.width);
  scorer.scoreTable(table, out);
  return out;
}

describe('pipelines that libs/learning fitted', () => {
  const network = { hidden: [8, 4], maxEpochs: 3 };
  const specs: [LearnerSpec, 'binary' | 'regression' | 'multiclass'][] = [
    [{ name: 'gbm', params: { trees: 40 } }, 'binary'],
    [{ name: 'gbm', params: { trees: 40, growth: 'depth', maxDepth: 6, maxLeaves: 64 } }, 'binary'],
    [{ name: 'gbm', params: { trees: 40 } }, 'regression'],
    [{ name: 'logistic' }, 'binary'],
    [{ name: 'mlp', params: { ...network, hidden: [8] } }, 'binary'],
    [{ name: 'mlp', params: network }, 'regression'],
    [{ name: 'mlp', params: network }, 'multiclass'],
  ];
  it.each(specs)('%j %s: file, scorer, ONNX Runtime and learner agree', async (spec, task) => {
    const fitted: FittedPipeline = fitPipeline(spec, train.table, train[task]);
    const bytes = writeOnnx(fitted, { learner: spec.name });
    const want = predict(fitted, fresh.table);
    expect(predictions(compileScorer(fitted), fresh.table)).toEqual(want);
    expect(predictions(scorerFromOnnx(bytes)!, fresh.table)).toEqual(want);
    expect(decodeModel(encodeModel(fitted, {})).fitted).toEqual(fitted);
    const report = await checkOnnx(bytes, fitted, fresh.table, {
      predict: (table) => predict(fitted, table),
    });
    expect(report.maxDifference).toBeLessThan(1e-6);
    expect(report.rows).toBe(300);
  });

  it('refuses a network whose layers do not fit', () => {
    const fitted = fitPipeline({ name: 'mlp', params: network }, train.table, train.binary);
    if (fitted.predictor.kind !== 'mlp') throw new Error('a network expected');
    const { model } = fitted.predictor;
    const layers = (list: typeof model.layers) => () =>
      compileScorer({ ...fitted, predictor: { kind: 'mlp', model: { ...model, layers: list } } });
    expect(layers(model.layers.slice(1))).toThrow('Layer 0 of the network');
    expect(layers(model.layers.slice(0, -1))).toThrow('The last layer');
    expect(layers([])).toThrow('The last layer');
  });

  it('gives the learner’s scores before the link', () => {
    const fitted = fitPipeline({ name: 'gbm', params: { trees: 10 } }, train.table, train.binary);
    const scorer = compileScorer(fitted);
    const dense = new Float64Array(scorer.features);
    scorer.encodeRow([1000, EPOCH, 'city 4', true], dense);
    const one = createTable([
      numericColumn('income', [1000]),
      timeColumn('opened', [EPOCH]),
      categoricalColumn('city', ['city 4']),
      booleanColumn('flag', [true]),
    ]);
    const raw = new Float64Array(1);
    scorer.rawScores(dense, 0, raw);
    expect(raw).toEqual(predictScores(fitted, one));
  });
});
