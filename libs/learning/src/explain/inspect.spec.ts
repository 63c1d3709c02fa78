import { learners } from '../learner/learners';
import { predictPositive } from '../pipeline/predict';
import { Random } from '../random/random';
import { booleanColumn, categoricalColumn, createTable, numericColumn } from '../table/create-table';
import { binaryTarget, regressionTarget } from '../target/target';
import { counterfactuals, type Counterfactual } from './counterfactuals';
import { withColumns, constantColumn } from './cell';
import { partialDependence } from './partial-dependence';
import { permutationImportance } from './permutation-importance';

const random = new Random(21);
const n = 1500;
const income = Array.from({ length: n }, () => Math.round(20 + random.next() * 80));
const age = Array.from({ length: n }, () => 18 + random.below(60));
const purpose = Array.from({ length: n }, () => ['car', 'home', 'holiday'][random.below(3)]!);
const noise = Array.from({ length: n }, () => random.normal());
const owner = Array.from({ length: n }, () => random.next() < 0.5);
const table = createTable([
  numericColumn('income', income),
  numericColumn('age', age),
  categoricalColumn('purpose', purpose),
  numericColumn('noise', noise),
  booleanColumn('owner', owner),
]);
const score = income.map(
  (v, i) => (v - 60) / 8 + (age[i]! - 45) / 15 + (purpose[i] === 'holiday' ? -2 : 0) + (owner[i] ? 1 : 0),
);
const target = binaryTarget(
  score.map((z) => random.next() < 1 / (1 + Math.exp(-z))),
  ['refused', 'granted'],
);
const fitted = learners.gbm({ trees: 60, monotone: { income: 1 } }).fit(table, target);

// A busy machine is slow.
jest.setTimeout(60_000);

describe('permutation importance', () => {
  it('ranks inputs by what they carry, the same each time', () => {
    const ranked = permutationImportance(fitted, { table, target }, { repeats: 3, seed: 1 });
    expect(ranked[0]!.input).toBe('income');
    expect(ranked.slice(3).map(({ input }) => input)).toContain('noise');
    expect(ranked[0]!.mean).toBeGreaterThan(10 * ranked.at(-1)!.mean);
    expect(permutationImportance(fitted, { table, target }, { repeats: 3, seed: 1 })).toEqual(ranked);
  });
});

describe('partial dependence', () => {
  it('follows a linear model exactly', () => {
    const line = learners.linear({ encoding: { numeric: { kind: 'number' } } });
    const numbers = createTable(table.columns.slice(0, 2));
    const model = line.fit(numbers, regressionTarget(income.map((v, i) => 2 * v - age[i]!)));
    const { grid, values } = partialDependence(model, numbers, 'income', { points: 5 });
    expect(grid).toHaveLength(5);
    grid.forEach((v, i) =>
      expect(values[i]! - values[0]!).toBeCloseTo(2 * ((v as number) - (grid[0] as number)), 6),
    );
  });

  it('covers categories and flags', () => {
    const { grid, values, width } = partialDependence(fitted, table, 'purpose');
    const granted = (cell: string): number => values[grid.indexOf(cell) * width + 1]!;
    expect(granted('holiday')).toBeLessThan(granted('car'));
    expect(partialDependence(fitted, table, 'owner').grid).toEqual([false, true]);
  });
});

describe('counterfactuals', () => {
  const p = predictPositive(fitted, table);
  const refused = [...p.keys()].filter((i) => p[i]! > 0.15 && p[i]! < 0.4).slice(0, 8);
  const wanted = { class: 'granted' } as const;
  const rules = { background: table, wanted, immutable: ['age'], direction: { income: 1 } } as const;

  const applied = (row: number, { changes }: Counterfactual): number => {
    const one = { rows: 1, columns: createTable(table.columns).columns };
    const single = createTable(
      one.columns.map(
        (c) =>
          (c.kind === 'categorical'
            ? { ...c, codes: c.codes.slice(row, row + 1) }
            : { ...c, values: c.values.slice(row, row + 1) }) as typeof c,
      ),
    );
    const changed = changes.map(({ input, to }) =>
      constantColumn(
        single.columns.find((c) => c.name === input)!,
        to,
        1,
      ),
    );
    return predictPositive(fitted, withColumns(single, changed))[0]!;
  };

  it('turn the decision, within what may change, cheapest first', () => {
    for (const row of refused) {
      const found = counterfactuals(fitted, table, row, rules);
      expect(found.length).toBeGreaterThan(0);
      found.forEach((one, i) => {
        expect(applied(row, one)).toBeGreaterThanOrEqual(0.5);
        expect(one.prediction[1]).toBeCloseTo(applied(row, one), 12);
        if (i > 0) expect(one.cost).toBeGreaterThanOrEqual(found[i - 1]!.cost);
        for (const { input, from, to } of one.changes) {
          expect(input).not.toBe('age');
          if (input === 'income') expect(to).toBeGreaterThan(from as number);
        }
      });
    }
  });

  it('change a number no further than needed', () => {
    const row = refused[0]!;
    const only = counterfactuals(fitted, table, row, {
      ...rules,
      immutable: ['age', 'noise', 'owner', 'purpose'],
      count: 1,
    });
    if (only.length === 0) return;
    const { from, to } = only[0]!.changes[0] as { from: number; to: number };
    const nearer = { ...only[0]!, changes: [{ input: 'income', from, to: from + (to - from) * 0.9 }] };
    expect(applied(row, nearer)).toBeLessThan(0.5);
  });

  it('say nothing where nothing is needed or nothing helps, and refuse unknown classes', () => {
    const granted = p.findIndex((v) => v > 0.9);
    expect(counterfactuals(fitted, table, granted, rules)).toEqual([]);
    const frozen = { ...rules, immutable: ['age', 'income', 'purpose', 'owner', 'noise'] };
    expect(counterfactuals(fitted, table, refused[0]!, frozen)).toEqual([]);
    const unknown = { ...rules, wanted: { class: 'maybe' } };
    expect(() => counterfactuals(fitted, table, refused[0]!, unknown)).toThrow(/"maybe" is none/);
  });
});
