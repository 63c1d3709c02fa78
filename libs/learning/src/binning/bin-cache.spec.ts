import { learners } from '../learner/learners';
import { runFitJob } from '../pool/fit-job';
import { LearningPool } from '../pool/learning-pool';
import { rowsName } from '../pool/rows-name';
import { shareData } from '../pool/shared-data';
import { Random } from '../random/random';
import { categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { binaryTarget } from '../target/target';
import { BinCache } from './bin-cache';
import type { BinnedData } from './binned-data';

const random = new Random(4);
const x = Array.from({ length: 400 }, () => random.normal());
const data = shareData({
  table: createTable([
    numericColumn('x', x),
    categoricalColumn(
      'c',
      x.map(() => 'pqr'[random.below(3)]!),
    ),
  ]),
  target: binaryTarget(x.map((v) => v + random.normal() > 0)),
});
const even = Int32Array.from({ length: 200 }, (_, i) => 2 * i);
const odd = even.map((row) => row + 1);

class Counting extends BinCache {
  made = 0;

  override of(rows: string) {
    const source = super.of(rows);
    return (key: string, make: () => BinnedData) => source(key, () => (this.made++, make()));
  }
}

describe('bins that are kept', () => {
  it('are made once for the same rows and encoders, and change no model', () => {
    const cache = new Counting();
    const fit = (params: object, train = even, name: 'gbm' | 'extra-trees' = 'gbm') => {
      const job = { learner: { name, params: { trees: 5, ...params } }, data, train, seed: 3 };
      const kept = runFitJob(job, {}, { cache, rows: rowsName(job)! });
      expect(JSON.stringify(kept)).toBe(JSON.stringify(runFitJob(job)));
      return cache.made;
    };
    expect(fit({})).toBe(1);
    expect(fit({ learningRate: 0.3, maxLeaves: 4 })).toBe(1);
    expect(fit({}, even, 'extra-trees')).toBe(1);
    expect(fit({ maxBins: 20 })).toBe(2);
    expect(fit({}, odd)).toBe(3);
    expect(fit({ encoding: { columns: { c: { kind: 'drop' } } } })).toBe(4);
    // Rows held out for early stopping are others for every seed, cross-fitted features for every fit.
    expect(fit({ earlyStoppingRounds: 3 })).toBe(4);
    expect(fit({ encoding: { columns: { c: { kind: 'target' } } } })).toBe(4);
    expect(fit({})).toBe(4);
  });

  it('are named by shared data alone', () => {
    const job = { learner: { name: 'gbm' as const }, data, seed: 1 };
    expect(rowsName({ ...job, train: even })).toBe(rowsName({ ...job, train: even.slice() }));
    expect(rowsName({ ...job, train: even })).not.toBe(rowsName({ ...job, train: odd }));
    expect(rowsName(job)).not.toBe(rowsName({ ...job, train: even }));
    expect(rowsName({ ...job, data: { ...data } })).toBeUndefined();
    expect(shareData(data)).toBe(data);
  });

  it('are dropped when there is no more room, the longest unused first', () => {
    const cache = new BinCache(250);
    const bins: BinnedData = { rows: 25, mappers: [], bins: new Uint8Array(100) };
    const made: string[] = [];
    const ask = (rows: string): BinnedData => cache.of(rows)('', () => (made.push(rows), bins));
    for (const rows of ['a', 'b', 'a', 'c', 'a', 'b']) expect(ask(rows)).toBe(bins);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    new BinCache(10).of('a')('', () => bins);
  });

  it('serve a pool on the calling thread too', async () => {
    const pool = new LearningPool({ size: 0 });
    const job = { learner: { name: 'gbm' as const, params: { trees: 5 } }, data, train: even, seed: 3 };
    const [first, second] = [await pool.run(job), await pool.run(job)];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    const alone = learners.gbm({ trees: 5 }).fit(data.table, data.target, { seed: 3 });
    expect(JSON.stringify(first.fitted)).not.toBe(JSON.stringify(alone));
  });
});
