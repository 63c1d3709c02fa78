import {
  createTable,
  fitPipeline,
  numericColumn,
  timeColumn,
  categoricalColumn,
  booleanColumn,
  predict,
  predictScores,
  type Table,
} from '@steward/learning';

import { decodeModel, encodeModel } from '../model-file/model-file';
import { scorerFromOnnx } from '../read/scorer-from-onnx';
import { compileScorer } from '../scorer/compile-scorer';
import type { Scorer } from '../scorer/scorer';
import { learnedCases, learnedData } from '../testing/learned-cases.factory';
import { EPOCH } from '../testing/random-pipeline.factory';
import { writeOnnx } from '../write/write-onnx';
import { checkOnnx } from './check-onnx';

const train = learnedData(1200, 1);

function predictions(scorer: Scorer, table: Table): Float64Array {
  const out = new Float64Array(table.rows * scorer.width);
  scorer.scoreTable(table, out);
  return out;
}

// A busy machine is slow.
jest.setTimeout(60_000);

describe('pipelines that libs/learning fitted', () => {
  it.each(learnedCases().map((each) => [each.name, each] as const))(
    '%s: file, scorer, ONNX Runtime and learner agree',
    async (_, { fitted: fit, table }) => {
      const fitted = fit();
      const bytes = writeOnnx(fitted, { dataset: 'd' });
      const want = predict(fitted, table);
      expect(predictions(compileScorer(fitted), table)).toEqual(want);
      expect(predictions(scorerFromOnnx(bytes)!, table)).toEqual(want);
      expect(decodeModel(encodeModel(fitted, {})).fitted).toEqual(fitted);
      const report = await checkOnnx(bytes, fitted, table, { predict: (rows) => predict(fitted, rows) });
      expect(report.maxDifference).toBeLessThan(1e-9);
      expect(report.rows).toBe(Math.min(table.rows, 10_000));
    },
  );

  it('refuses a network whose layers do not fit', () => {
    const params = { hidden: [8, 4], maxEpochs: 3 };
    const fitted = fitPipeline({ name: 'mlp', params }, train.table, train.targets.binary);
    if (fitted.predictor.kind !== 'mlp') throw new Error('a network expected');
    const { model } = fitted.predictor;
    const layers = (list: typeof model.layers) => () =>
      compileScorer({ ...fitted, predictor: { kind: 'mlp', model: { ...model, layers: list } } });
    expect(layers(model.layers.slice(1))).toThrow('Layer 0 of the network');
    expect(layers(model.layers.slice(0, -1))).toThrow('The last layer');
    expect(layers([])).toThrow('The last layer');
  });

  it('gives the learner’s scores before the link', () => {
    const fitted = fitPipeline({ name: 'gbm', params: { trees: 10 } }, train.table, train.targets.binary);
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
