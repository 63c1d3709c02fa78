import {
  applyCalibration,
  binaryTarget,
  calibrate,
  type Calibration,
  categoricalColumn,
  createTable,
  fitCalibration,
  fitPipeline,
  numericColumn,
  predict,
  predictPositive,
} from '@steward/learning';

import { decodeModel, encodeModel } from '../model-file/model-file';
import { scorerFromOnnx } from '../read/scorer-from-onnx';
import { compileScorer } from '../scorer/compile-scorer';
import { Random, randomPipeline, randomTable } from '../testing/random-pipeline.factory';
import { writeOnnx } from '../write/write-onnx';
import { checkOnnx } from './check-onnx';

const random = new Random(5);
const x = Array.from({ length: 1500 }, () => random.next() * 4 - 2);
const group = x.map(() => random.pick(['a', 'b', 'c']));
const table = createTable([numericColumn('x', x), categoricalColumn('group', group)]);
const target = binaryTarget(x.map((v, i) => random.next() < 1 / (1 + Math.exp(-v - group[i]!.length))));

describe('calibrated pipelines', () => {
  const kinds: Calibration['kind'][] = ['platt', 'beta', 'isotonic'];
  const names = ['gbm', 'random-forest', 'logistic'];
  it.each(kinds.flatMap((kind) => names.map((name) => [kind, name] as const)))(
    '%s over %s: ONNX Runtime, file, scorer and learner agree',
    async (kind, name) => {
      const params = name === 'logistic' ? {} : { trees: 15 };
      const plain = fitPipeline({ name, params }, table, target);
      const fitted = calibrate(plain, fitCalibration(kind, predictPositive(plain, table), target.values));
      const want = predict(fitted, table);
      const out = new Float64Array(want.length);
      compileScorer(fitted).scoreTable(table, out);
      expect(out).toEqual(want);
      const bytes = writeOnnx(fitted, {});
      scorerFromOnnx(bytes)!.scoreTable(table, out);
      expect(out).toEqual(want);
      expect(decodeModel(encodeModel(fitted, {})).fitted).toEqual(fitted);
      const report = await checkOnnx(bytes, fitted, table, { predict: (rows) => predict(fitted, rows) });
      expect(report.maxDifference).toBeLessThan(1e-6);
    },
  );

  it('reads the second of two scores, and the ends and corners of an isotonic map', async () => {
    const calibration: Calibration = { kind: 'isotonic', x: [0.2, 0.45, 0.5, 0.9], y: [0.1, 0.1, 0.6, 0.7] };
    expect(applyCalibration(calibration, 0.1)).toBe(0.1);
    for (const seed of [1, 2, 3]) {
      const two = randomPipeline({ seed, predictor: 'linear', task: 'multiclass', classes: 2 });
      const fitted = { ...two, task: 'binary' as const, calibration };
      const rows = randomTable(seed, 400);
      const report = await checkOnnx(writeOnnx(fitted, {}), fitted, rows, {
        predict: (t) => predict(fitted, t),
      });
      expect(report.maxDifference).toBeLessThan(1e-6);
    }
  });

  it('notices a graph that is calibrated otherwise', async () => {
    const plain = fitPipeline({ name: 'logistic' }, table, target);
    const fitted = { ...plain, calibration: { kind: 'beta', a: 1.2, b: 0.8, c: 0.1 } as const };
    const other = writeOnnx({ ...plain, calibration: { kind: 'beta', a: 1.2, b: 0.8, c: 0.1001 } }, {});
    await expect(
      checkOnnx(other, fitted, table, { predict: (rows) => predict(fitted, rows) }),
    ).rejects.toMatchObject({ code: 'ONNX.PARITY' });
  });

  it.each([
    [{ kind: 'isotonic', x: [0.5, 0.5], y: [0, 1] }, 'ascending'],
    [{ kind: 'isotonic', x: [], y: [] }, 'ascending'],
    [{ kind: 'beta', a: NaN, b: 1, c: 0 }, 'not finite'],
    [{ kind: 'other' }, 'unknown kind'],
  ])('refuses %j', (calibration, message) => {
    const fitted = { ...randomPipeline({ seed: 1 }), calibration: calibration as Calibration };
    expect(() => writeOnnx(fitted, {})).toThrow(message);
    const ranking = { ...randomPipeline({ seed: 1, task: 'ranking' }), calibration: fitted.calibration };
    expect(() => compileScorer(ranking)).toThrow('cannot be calibrated');
  });
});
