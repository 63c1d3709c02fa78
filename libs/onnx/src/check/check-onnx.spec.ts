import type { FittedEncoder, FittedPipeline, LinearModel, Table, TimeColumn } from '@steward/learning';

import { decodeOnnx } from '../format/decode-onnx';
import { encodeOnnx } from '../format/encode-onnx';
import { nextUp } from '../pipeline/neighbours';
import { scorerFromOnnx } from '../read/scorer-from-onnx';
import { plainPredict } from '../testing/plain-walk.factory';
import { EPOCH, randomPipeline, randomTable, type PipelineOptions } from '../testing/random-pipeline.factory';
import { writeOnnx } from '../write/write-onnx';
import { checkOnnx } from './check-onnx';

const check = (fitted: FittedPipeline, table: Table) =>
  checkOnnx(writeOnnx(fitted, {}), fitted, table, { predict: (rows) => plainPredict(fitted, rows) });

/** Of randomPipeline: the two ends of a clip, six edges of bins, and six date parts for each time of the table. */
const encoderThresholds = (table: Table): number => {
  const opened = table.columns.find(({ kind }) => kind === 'time') as TimeColumn;
  return 2 + 6 + 6 * opened.values.filter(Number.isFinite).length;
};

const TASKS = ['binary', 'multiclass', 'regression', 'ranking'] as const;

describe('checkOnnx: ONNX Runtime against the plain walk', () => {
  const cases: PipelineOptions[] = TASKS.flatMap((task, i) => [
    { seed: i, task, trees: 30, depth: 5 },
    { seed: i + 10, task, trees: 8, depth: 14, leafWise: true },
    { seed: i + 20, task, trees: 20, forest: true },
    { seed: i + 30, task, predictor: 'linear' },
    { seed: i + 40, task, trees: 0 },
    { seed: i + 50, task, depth: 0 },
  ]);
  it.each(cases)('agrees for %j', async (options) => {
    const fitted = randomPipeline(options);
    const report = await check(fitted, randomTable(options.seed, 300, { missingBooleans: true }));
    expect(report.maxDifference).toBeLessThan(1e-11);
    expect(report.rows + report.skippedRows).toBe(300);
    expect(report.skippedRows).toBeGreaterThan(50);
    if (options.predictor === undefined && (options.depth ?? 4) > 0 && options.trees !== 0) {
      expect(report.thresholdRows).toBeGreaterThan(40);
    }
  });

  it('agrees for 150 random ensembles, and so does the scorer read back from the file', async () => {
    for (let seed = 100; seed < 250; seed++) {
      const fitted = randomPipeline({
        seed,
        task: TASKS[seed % 4],
        forest: seed % 3 === 0,
        trees: 5,
        link: linkFor(seed),
      });
      const bytes = writeOnnx(fitted, {});
      const scorer = scorerFromOnnx(bytes)!;
      const predict = (rows: Table) => {
        const out = new Float64Array(rows.rows * scorer.width);
        scorer.scoreTable(rows, out);
        return out;
      };
      const report = await checkOnnx(bytes, fitted, randomTable(seed, 60), { predict });
      expect(report.maxDifference).toBeLessThan(1e-11);
    }
  }, 60_000);

  it('finds a threshold that is off by one double, however close to the epoch milliseconds', async () => {
    const fitted = randomPipeline({ seed: 1, trees: 1, depth: 0 });
    const split = (threshold: number): FittedPipeline => timeSplit(fitted, threshold);
    const table = randomTable(3, 20);
    const bytes = writeOnnx(split(EPOCH + 0.5), {});
    const off = split(EPOCH + 0.5 + 2 ** -12);
    const exact = await checkOnnx(bytes, split(EPOCH + 0.5), table, {
      predict: (rows) => plainPredict(split(EPOCH + 0.5), rows),
    });
    expect(exact).toMatchObject({ maxDifference: 0, thresholdRows: 3 * (1 + encoderThresholds(table)) });
    await expect(
      checkOnnx(bytes, off, table, { predict: (rows) => plainPredict(off, rows) }),
    ).rejects.toMatchObject({
      code: 'ONNX.PARITY',
      details: { of: 'threshold' },
    });
  });

  it('finds edges, clips and scaled splits of a graph that are off by one double', async () => {
    const linear = randomPipeline({ seed: 1, predictor: 'linear', task: 'regression' });
    const table = randomTable(3, 20);
    const encoders: [FittedEncoder, FittedEncoder][] = [
      [
        { kind: 'bins', input: 'income', edges: [0, 1234.5], output: 'one-hot', width: 3 },
        { kind: 'bins', input: 'income', edges: [0, nextUp(1234.5)], output: 'one-hot', width: 3 },
      ],
      [
        { kind: 'date-parts', input: 'opened at', parts: ['hour'], fill: EPOCH, width: 1 },
        {
          kind: 'number',
          input: 'opened at',
          clip: [EPOCH, EPOCH],
          fill: EPOCH,
          center: EPOCH,
          scale: 1,
          width: 1,
        },
      ],
    ];
    for (const [right, wrong] of encoders) {
      const fitted = oneEncoder(linear, right);
      const bytes = writeOnnx(oneEncoder(linear, wrong), {});
      await expect(
        checkOnnx(bytes, fitted, oneTime(table), { predict: (rows) => plainPredict(fitted, rows) }),
      ).rejects.toMatchObject({ code: 'ONNX.PARITY', details: { of: 'threshold' } });
      const same = await checkOnnx(writeOnnx(fitted, {}), fitted, table, {
        predict: (rows) => plainPredict(fitted, rows),
      });
      expect(same.maxDifference).toBeLessThan(1e-12);
    }
    const scaled = (threshold: number): FittedPipeline => {
      const fitted = timeSplit(randomPipeline({ seed: 1, trees: 1, depth: 0 }), threshold);
      const time = { ...fitted.encoders[2]!, center: EPOCH, scale: 86_400_000 / 7 } as FittedEncoder;
      return { ...fitted, encoders: fitted.encoders.with(2, time) };
    };
    // The input is coarser than the threshold: where no double lies between the two, they are one and the same split.
    const off = scaled(0.3 + 1e-10);
    await expect(
      checkOnnx(writeOnnx(scaled(0.3), {}), off, table, { predict: (rows) => plainPredict(off, rows) }),
    ).rejects.toMatchObject({ code: 'ONNX.PARITY', details: { of: 'threshold' } });
  });

  it('fails past the tolerance, on wrong labels, on no rows and on what is no model', async () => {
    const fitted = randomPipeline({ seed: 2 });
    const bytes = writeOnnx(fitted, {});
    const table = randomTable(4, 30);
    const shifted = (rows: Table) => plainPredict(fitted, rows).map((p) => p + 1e-5);
    await expect(checkOnnx(bytes, fitted, table, { predict: shifted })).rejects.toMatchObject({
      code: 'ONNX.PARITY',
    });
    const passed = await checkOnnx(bytes, fitted, table, { predict: shifted, tolerance: 1e-4 });
    expect(passed.maxDifference).toBeCloseTo(1e-5, 7);
    const nan = (rows: Table) => plainPredict(fitted, rows).fill(NaN);
    await expect(checkOnnx(bytes, fitted, table, { predict: nan })).rejects.toMatchObject({
      code: 'ONNX.PARITY',
    });

    const model = decodeOnnx(bytes);
    const swapped = model.graph.initializers.map((tensor) =>
      tensor.name === 'steward/classes' ? { ...tensor, values: ['class 1', 'class 0'] } : tensor,
    ) as typeof model.graph.initializers;
    const mislabelled = encodeOnnx({ ...model, graph: { ...model.graph, initializers: swapped } });
    const predict = (rows: Table) => plainPredict(fitted, rows);
    await expect(checkOnnx(mislabelled, fitted, table, { predict })).rejects.toThrow('not most probable');
    await expect(checkOnnx(bytes, fitted, randomTable(1, 0), { predict })).rejects.toMatchObject({
      code: 'ONNX.BAD_TABLE',
    });
    await expect(checkOnnx(Uint8Array.of(1, 2), fitted, table, { predict })).rejects.toMatchObject({
      code: 'ONNX.REJECTED',
    });
  });

  it('compares no more rows and thresholds than it may', async () => {
    const fitted = randomPipeline({ seed: 6, trees: 20 });
    const predict = (rows: Table) => plainPredict(fitted, rows);
    const bounds = { predict, rows: 40, thresholds: 7 };
    // Seven of splits and seven of encoders, three rows each.
    const report = await checkOnnx(writeOnnx(fitted, {}), fitted, randomTable(6, 500), bounds);
    expect(report).toMatchObject({ rows: 40, thresholdRows: 42, skippedRows: 0 });
  });

  it('agrees for one row, a constant, 10,000 categories, and extreme leaves', async () => {
    await check(randomPipeline({ seed: 7 }), randomTable(7, 1));
    const constant: FittedPipeline = {
      ...randomPipeline({ seed: 8 }),
      encoders: [],
      predictor: {
        kind: 'linear',
        model: {
          features: 0,
          outputs: 1,
          weights: new Float64Array(),
          intercepts: Float64Array.of(0.3),
          link: 'logistic',
        },
      },
    };
    expect(await check(constant, randomTable(8, 9))).toMatchObject({ maxDifference: 0, rows: 9 });
    expect(scorerFromOnnx(writeOnnx(constant, {}))).not.toBeNull();
    for (const scale of [1e-30, 1e30]) {
      const fitted = randomPipeline({ seed: 9, task: 'regression' });
      if (fitted.predictor.kind !== 'trees') throw new Error('trees expected');
      const { ensemble } = fitted.predictor;
      const leafValues = ensemble.leafValues.map((value) => value * scale);
      const scaled = {
        ...fitted,
        predictor: { kind: 'trees' as const, ensemble: { ...ensemble, leafValues } },
      };
      await check(scaled, randomTable(9, 50));
    }
    await check(...manyCategories());
  });
});

/** The linear pipeline with that encoder alone, all of whose features weigh differently. */
function oneEncoder(fitted: FittedPipeline, encoder: FittedEncoder): FittedPipeline {
  const weights = Float64Array.from({ length: encoder.width }, (_, i) => i + 1);
  const model = {
    features: encoder.width,
    outputs: 1,
    weights,
    intercepts: Float64Array.of(0),
    link: 'identity',
  };
  return { ...fitted, encoders: [encoder], predictor: { kind: 'linear', model: model as LinearModel } };
}

/** The table with midnight in every row: no row of it tells the hour from nought. */
function oneTime(table: Table): Table {
  const columns = table.columns.map((column) =>
    column.kind === 'time' ? { ...column, values: column.values.slice().fill(EPOCH) } : column,
  );
  return { ...table, columns };
}

function linkFor(seed: number) {
  const task = TASKS[seed % 4];
  return task === 'regression' && seed % 8 === 2 ? 'exp' : undefined;
}

function timeSplit(fitted: FittedPipeline, threshold: number): FittedPipeline {
  const three = { left: Int32Array.of(1, -1, -1), right: Int32Array.of(2, -1, -1) };
  if (fitted.predictor.kind !== 'trees') throw new Error('trees expected');
  const ensemble = {
    ...fitted.predictor.ensemble,
    ...three,
    roots: Int32Array.of(0),
    feature: Int32Array.of(2, 0, 0),
    threshold: Float64Array.of(threshold, 0, 0),
    missingLeft: new Uint8Array(3),
    categoryOffset: new Int32Array(3).fill(-1),
    leafValues: Float64Array.of(0, -0.5, 0.5),
    base: new Float64Array(1),
    cover: new Float64Array(3),
  };
  return {
    ...fitted,
    task: 'regression',
    classes: [],
    predictor: { kind: 'trees', ensemble: { ...ensemble, link: 'identity' } },
  };
}

function manyCategories(): [FittedPipeline, Table] {
  const fitted = randomPipeline({ seed: 11, trees: 30 });
  const categories = Array.from({ length: 10_000 }, (_, i) => `town ${i}`);
  const wide = fitted.encoders.map((encoder) =>
    encoder.kind === 'ordinal' && encoder.input === 'town'
      ? { ...encoder, categories, unknown: -1 }
      : encoder,
  );
  const table = randomTable(12, 200);
  const columns = table.columns.map((column) =>
    column.kind === 'categorical' && column.name === 'town'
      ? {
          ...column,
          categories: [...categories, 'nowhere'],
          codes: column.codes.map((code, i) => (i % 3 ? code : i * 50)),
        }
      : column,
  );
  return [
    { ...fitted, encoders: wide },
    { ...table, columns },
  ];
}
