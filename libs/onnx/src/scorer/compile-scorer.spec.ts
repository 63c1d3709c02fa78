import type { FittedPipeline } from '@steward/learning';
import * as fc from 'fast-check';

import { plainDense, plainPredict, plainScores } from '../testing/plain-walk.factory';
import { randomPipeline, randomTable, type PipelineOptions } from '../testing/random-pipeline.factory';
import { compileScorer } from './compile-scorer';
import { bestClass } from './scorer';
import { tableColumns } from './table-columns';

const options: fc.Arbitrary<PipelineOptions> = fc.record({
  seed: fc.integer(),
  task: fc.constantFrom('binary', 'multiclass', 'regression', 'ranking'),
  predictor: fc.constantFrom('trees', 'linear'),
  forest: fc.boolean(),
  leafWise: fc.boolean(),
  classes: fc.integer({ min: 3, max: 5 }),
  trees: fc.integer({ min: 0, max: 11 }),
  depth: fc.integer({ min: 0, max: 11 }),
});

describe('compileScorer', () => {
  it('equals the plain walk bit for bit, from tables and from dense rows', () => {
    fc.assert(
      fc.property(options, (each) => {
        const fitted = randomPipeline(each);
        const table = randomTable(each.seed ^ 7, 70, { missingBooleans: true });
        const scorer = compileScorer(fitted);
        const want = plainPredict(fitted, table);
        const got = new Float64Array(want.length);
        scorer.scoreTable(table, got);
        expect(got).toEqual(want);

        const rows = Float64Array.from(
          Array.from({ length: table.rows }, (_, row) => plainDense(fitted, table, row)).flat(),
        );
        const again = new Float64Array(want.length);
        scorer.scoreDenseBatch(rows, table.rows, again);
        expect(again).toEqual(want);

        const raw = new Float64Array(scorer.scoreWidth);
        scorer.rawScores(rows, 3 * scorer.features, raw);
        expect([...raw]).toEqual(plainScores(fitted, plainDense(fitted, table, 3)));
      }),
      { numRuns: 150 },
    );
  });

  it('scores rows of cells as it scores tables', () => {
    const fitted = randomPipeline({ seed: 3 });
    const table = randomTable(4, 50, { missingBooleans: true });
    const scorer = compileScorer(fitted);
    const want = plainPredict(fitted, table);
    const got = new Float64Array(want.length);
    const columns = tableColumns(fitted.inputs, table);
    for (let row = 0; row < table.rows; row++) {
      const cells = columns.map((column) => {
        if (!('codes' in column)) return column[row];
        return column.codes[row]! < 0 ? null : column.categories[column.codes[row]!];
      });
      scorer.scoreRow(cells, got, row * scorer.width);
    }
    expect(got).toEqual(want);
  });

  it('scores numbers row by row as it scores columns of them', () => {
    const number = { kind: 'number', center: 0.5, scale: 3, width: 1 } as const;
    const fitted: FittedPipeline = {
      task: 'binary',
      inputs: ['a', 'b', 'c'].map((name) => ({ name, kind: 'numeric' })),
      encoders: [
        { ...number, input: 'c', fill: 2 },
        { ...number, input: 'a', fill: 0, clip: [-3, 3] },
        { kind: 'bins', input: 'b', edges: [0, 1, 2], output: 'one-hot', width: 4 },
      ],
      predictor: {
        kind: 'linear',
        model: {
          features: 6,
          outputs: 1,
          weights: Float64Array.of(0.3, -0.7, 0.1, 0.2, -0.4, 0.9),
          intercepts: Float64Array.of(0.05),
          link: 'logistic',
        },
      },
      classes: ['no', 'yes'],
    };
    const scorer = compileScorer(fitted);
    const rows = 131;
    const width = fitted.inputs.length;
    const value = (row: number, column: number): number =>
      (row + column) % 9 === 0 ? Number.NaN : ((row * 31 + column * 17) % 100) / 10 - 5;
    const values = Float64Array.from({ length: rows * width }, (_, at) =>
      value(Math.floor(at / width), at % width),
    );
    const columns = fitted.inputs.map((_, column) =>
      Float64Array.from({ length: rows }, (_row, row) => value(row, column)),
    );
    const [want, got] = [new Float64Array(rows * scorer.width), new Float64Array(rows * scorer.width)];
    scorer.scoreBatch(columns, rows, want);
    scorer.scoreRows(values, rows, got);
    expect(got).toEqual(want);
    expect(() => scorer.scoreRows(values, rows + 1, got)).toThrow('cells');
    expect(() => scorer.scoreRows(values, rows, new Float64Array(1))).toThrow('room for');
  });

  it('takes lists of cells as columns, with null, undefined and the empty string as missing', () => {
    const fitted = randomPipeline({ seed: 5, trees: 40 });
    const scorer = compileScorer(fitted);
    const one = (cells: unknown[]): number[] => {
      const out = new Float64Array(2);
      scorer.scoreBatch(
        cells.map((cell) => [cell as string]),
        1,
        out,
      );
      return [...out];
    };
    const missing = one([null, null, null, null, null, null, null]);
    expect(one([undefined, NaN, undefined, undefined, '', '', undefined])).toEqual(missing);
    expect(one([1, 2, 3, true, 'red', 'town 3', 'clerk'])).toEqual(
      one([1, 2, 3, 1, 'red', 'town 3', 'clerk']),
    );
  });

  it('refuses cells and columns that do not fit, naming the input', () => {
    const scorer = compileScorer(randomPipeline({ seed: 5 }));
    const out = new Float64Array(2);
    const good = [1, 2, 3, true, 'red', 'town 3', 'clerk'];
    const withCell = (i: number, cell: unknown) => () => scorer.scoreRow(good.with(i, cell as string), out);
    expect(withCell(0, '12')).toThrow('income is numeric');
    expect(withCell(0, true)).toThrow('income is numeric');
    expect(withCell(4, 7)).toThrow('colour is categorical');
    expect(() => scorer.scoreRow(good.slice(1), out)).toThrow('7 cells');
    expect(() => scorer.scoreBatch([], 1, out)).toThrow('7 columns');
    expect(() =>
      scorer.scoreBatch(
        good.map((cell) => [cell]),
        2,
        out,
      ),
    ).toThrow('income has fewer than 2');
    expect(() => scorer.scoreTable(randomTable(1, 2), out)).toThrow('room for 4');
    const table = randomTable(1, 1);
    expect(() => scorer.scoreTable({ rows: 1, columns: table.columns.slice(1) }, out)).toThrow(
      'no column income',
    );
    const renamed = table.columns.map((each, i) => (i === 4 ? { ...each, name: 'income' } : each)).slice(1);
    expect(() => scorer.scoreTable({ rows: 1, columns: renamed }, out)).toThrow('income is categorical');
  });

  it('refuses pipelines that contradict themselves instead of walking them', () => {
    const fitted = randomPipeline({ seed: 6 });
    if (fitted.predictor.kind !== 'trees') throw new Error('trees expected');
    const { ensemble } = fitted.predictor;
    const loop = ensemble.left.map((left) => (left < 0 ? left : 0));
    const broken = (change: object) => () =>
      compileScorer({ ...fitted, predictor: { kind: 'trees', ensemble: { ...ensemble, ...change } } });
    expect(broken({ left: loop })).toThrow('reached twice');
    expect(broken({ right: ensemble.right.map((right) => (right < 0 ? right : 1e6)) })).toThrow(
      'does not exist',
    );
    expect(broken({ feature: ensemble.feature.map(() => 99) })).toThrow('feature 99');
    expect(broken({ threshold: ensemble.threshold.map(() => NaN) })).toThrow('no threshold');
    expect(broken({ categoryBits: new Uint32Array(1) })).toThrow('outside the bits');
    expect(() => compileScorer({ ...fitted, classes: ['a'] })).toThrow('2 classes');
    expect(() => compileScorer({ ...fitted, encoders: fitted.encoders.slice(1) })).toThrow('32 features');
  });

  it('picks the first of equally probable classes', () => {
    expect(bestClass(Float64Array.of(0.5, 0.5), 0, 2)).toBe(0);
    expect(bestClass(Float64Array.of(9, 0.2, 0.5, 0.3), 1, 3)).toBe(1);
  });
});
