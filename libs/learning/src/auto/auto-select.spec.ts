import { createLearner } from '../learner/learners';
import { Random } from '../random/random';
import { nestedCrossValidate } from '../selection/nested-cross-validate';
import { stratifiedFolds } from '../selection/folds';
import { predictionLoss } from '../selection/prediction-loss';
import { createTable, numericColumn } from '../table/create-table';
import { binaryTarget, multiclassTarget, regressionTarget } from '../target/target';
import { autoSelect } from './auto-select';

const random = new Random(2);
const a = Array.from({ length: 240 }, () => random.normal());
const b = Array.from({ length: 240 }, () => random.normal());
const table = createTable([numericColumn('a', a), numericColumn('b', b)]);
const linear = regressionTarget(a.map((v, i) => 3 * v - b[i]! + random.normal() / 4));
const crossed = binaryTarget(a.map((v, i) => v * b[i]! + random.normal() / 4 > 0));

// The learners' own times are not at issue here, and a busy machine is slow.
jest.setTimeout(60_000);

describe('automatic choice', () => {
  it('takes the plain model where it is as good, and says why', async () => {
    const result = await autoSelect({ data: { table, target: linear }, trials: 3 });
    expect(result.chosen.name).toBe('ridge');
    expect(result.tried.map(({ spec }) => spec.name).slice(0, 4)).toEqual([
      'constant',
      'ridge',
      'random-forest',
      'gbm',
    ]);
    expect(result.explanation).toMatch(/ridge was chosen .* below the baseline's\. The others: constant/);
    expect(createLearner(result.chosen).fit(table, linear)).toBeDefined();
  });

  it('takes trees where features interact', async () => {
    const result = await autoSelect({ data: { table, target: crossed }, trials: 0 });
    expect(['gbm', 'random-forest']).toContain(result.chosen.name);
    expect(result.loss).toBeLessThan(result.tried[1]!.loss! * 0.8);
  });

  it('keeps to its time, goes on past learners that fail, and is the same each time', async () => {
    const names = a.map((_, i) => ['x', 'y', 'z'][i % 3]!);
    let clock = 0;
    const options = {
      data: { table, target: multiclassTarget(names) },
      seconds: 1,
      now: () => (clock += 600),
    };
    const first = await autoSelect(options);
    expect(first.tried).toHaveLength(4);
    clock = 0;
    expect(await autoSelect(options)).toEqual(first);
    const hopeless = createTable([
      numericColumn(
        'inf',
        a.map((_, i) => (i % 2 ? Infinity : 1)),
      ),
    ]);
    const result = await autoSelect({ data: { table: hopeless, target: linear }, trials: 0 });
    expect(result.tried.find(({ spec }) => spec.name === 'ridge')).toMatchObject({ loss: null });
    expect(result.tried.find(({ spec }) => spec.name === 'ridge')!.note).toMatch(
      /could not be fitted: .*"inf"/,
    );
  });
});

describe('nested cross-validation', () => {
  it('tests each fold by a choice that has not seen it', async () => {
    const seen: number[] = [];
    const result = await nestedCrossValidate({
      table,
      target: crossed,
      folds: stratifiedFolds(crossed, 3),
      choose: async (part) => {
        seen.push(part.table.rows);
        const { chosen } = await autoSelect({ data: part, trials: 0 });
        return chosen;
      },
    });
    expect(seen.reduce((sum, n) => sum + n, 0)).toBe(480);
    expect(result.chosen).toHaveLength(3);
    expect(predictionLoss(crossed, result.oof, 2)).toBeLessThan(0.5);
  });
});
