import { errors } from '@steward/kernel';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { predict, predictionWidth } from '../pipeline/predict';
import { columnOf, selectRows } from '../table/select-table';
import type { Column, Table } from '../table/table';
import { type Cell, cellOf, columnOfCells } from './cell';
import { gridOf } from './partial-dependence';

/** What would have to be asked of a decision. */
export interface CounterfactualOptions {
  /** Rows whose values may be taken on, and whose spread measures how far a change goes. */
  readonly background: Table;
  /** The wanted outcome: a class name (binary, multiclass) that must reach `threshold`, or a range for regression. */
  readonly wanted:
    | { readonly class: string; readonly threshold?: number }
    | { readonly min?: number; readonly max?: number };
  /** Inputs that can not be changed (age, origin, ...). */
  readonly immutable?: readonly string[];
  /** Numeric and time inputs that can only rise (1) or fall (-1). */
  readonly direction?: Readonly<Record<string, 1 | -1>>;
  /** Most inputs changed at once. Default 3. */
  readonly maxChanges?: number;
  /** How many different sets of inputs to return. Default 3. */
  readonly count?: number;
  /** Asked between steps: true ends the search with what was found until then. Default: never. */
  readonly shouldStop?: () => boolean;
}

/** One change that would turn the decision. */
export interface Counterfactual {
  readonly changes: readonly { readonly input: string; readonly from: Cell; readonly to: Cell }[];
  /** Numbers: share of the background's 10 to 90 % range; categories and flags: 1 each; plus 0.1 an input. */
  readonly cost: number;
  /** The prediction after the change, as `predict` gives it. */
  readonly prediction: readonly number[];
}

const POINTS = 32;
/** Candidates that are predicted at once: the search can be stopped between two lots. */
const LOT = 1_024;
const BEAM = 24;
/** Added for each input that changes, so that few changes are preferred to many small ones. */
const EACH = 0.1;

interface Option {
  readonly input: string;
  readonly cell: Cell;
  readonly cost: number;
}

interface State {
  readonly options: readonly Option[];
  readonly cost: number;
  readonly prediction: Float64Array;
  readonly short: number;
}

/**
 * The smallest allowed changes of one row that turn its decision, cheapest first: a beam search over values seen in the
 * background, one input at a time, then numbers are drawn back towards the row as far as the decision allows. Works with
 * any model. Returns nothing if no change of at most `maxChanges` inputs is found. Throws LEARNING.COUNTERFACTUAL for
 * an unknown class.
 */
export function counterfactuals(
  fitted: FittedPipeline,
  table: Table,
  row: number,
  options: CounterfactualOptions,
): Counterfactual[] {
  return new CounterfactualSearch(fitted, selectRows(table, Int32Array.of(row)), options).run();
}

class CounterfactualSearch {
  private readonly width: number;
  private readonly options: readonly Option[];
  private readonly shortOf: (prediction: Float64Array) => number;

  constructor(
    private readonly fitted: FittedPipeline,
    private readonly row: Table,
    private readonly given: CounterfactualOptions,
  ) {
    this.width = predictionWidth(fitted);
    this.shortOf = shortfall(fitted, given.wanted);
    const fixed = new Set(given.immutable);
    this.options = fitted.inputs
      .filter(({ name }) => !fixed.has(name))
      .flatMap(({ name }) => this.optionsOf(columnOf(given.background, name)));
  }

  run(): Counterfactual[] {
    const { maxChanges = 3, count = 3 } = this.given;
    const [start] = this.evaluate([[]]);
    if (!start || start.short <= 0) return [];
    const found = new Map<string, State>();
    let beam = [start];
    for (let step = 0; step < maxChanges && beam.length > 0; step++) {
      const next = this.evaluate(this.extensions(beam));
      for (const state of next.filter(({ short }) => short <= 0)) this.keep(found, state);
      const open = next.filter(({ short }) => short > 0);
      beam = open.sort((a, b) => a.short - b.short || a.cost - b.cost).slice(0, BEAM);
    }
    const cheapest = (a: State, b: State): number => a.cost - b.cost;
    return [...found.values()]
      .sort(cheapest)
      .slice(0, count * 4)
      .map((state) => this.drawBack(state))
      .sort(cheapest)
      .slice(0, count)
      .map((state) => this.describe(state));
  }

  private optionsOf(column: Column): Option[] {
    const now = columnOf(this.row, column.name);
    const from = cellOf(now, 0);
    const sign = this.given.direction?.[column.name] ?? 0;
    const numeric = column.kind === 'numeric' || column.kind === 'time';
    const allowed = (cell: Cell): boolean =>
      cell !== from &&
      (sign === 0 || !numeric || from === null || ((cell as number) - (from as number)) * sign > 0);
    const cost = costOf(column, from);
    return gridOf(column, POINTS)
      .filter(allowed)
      .map((cell) => ({ input: column.name, cell, cost: cost(cell) }));
  }

  /** Each state with one more input changed; inputs are added in any order but each set of cells once. */
  private extensions(beam: readonly State[]): Option[][] {
    const seen = new Set<string>();
    const out: Option[][] = [];
    for (const { options } of beam) {
      for (const option of this.options) {
        if (options.some(({ input }) => input === option.input)) continue;
        const all = [...options, option].sort((a, b) => (a.input < b.input ? -1 : 1));
        const key = JSON.stringify(all.map(({ input, cell }) => [input, cell]));
        if (!seen.has(key)) out.push(all);
        seen.add(key);
      }
    }
    return out;
  }

  /** Of the states that change the same inputs the cheapest is kept. */
  private keep(found: Map<string, State>, state: State): void {
    const key = state.options.map(({ input }) => input).join('\n');
    const known = found.get(key);
    if (!known || state.cost < known.cost) found.set(key, state);
  }

  /** Halves the way between each changed number and the row's own while the decision stays turned. */
  private drawBack(state: State): State {
    let best = state;
    state.options.forEach((option, at) => {
      const from = cellOf(columnOf(this.row, option.input), 0);
      if (typeof option.cell !== 'number' || typeof from !== 'number') return;
      const cost = costOf(columnOf(this.given.background, option.input), from);
      let [bad, good] = [from, option.cell];
      for (let i = 0; i < 12; i++) {
        const cell = (bad + good) / 2;
        const options = best.options.map((other, k) =>
          k === at ? { ...other, cell, cost: cost(cell) } : other,
        );
        const [tried] = this.evaluate([options]);
        if (!tried) return;
        if (tried.short <= 0) {
          best = tried;
          good = cell;
        } else bad = cell;
      }
    });
    return best;
  }

  /** Fewer states than were asked for where the search is to stop. */
  private evaluate(all: readonly (readonly Option[])[]): State[] {
    const states: State[] = [];
    for (let from = 0; from < all.length && !this.given.shouldStop?.(); from += LOT)
      states.push(...this.evaluateLot(all.slice(from, from + LOT)));
    return states;
  }

  private evaluateLot(all: readonly (readonly Option[])[]): State[] {
    const columns = this.row.columns.map((column) => {
      const own = cellOf(column, 0);
      const cells = all.map((options) => options.find(({ input }) => input === column.name)?.cell ?? own);
      return columnOfCells(column, cells);
    });
    const predicted = predict(this.fitted, { rows: all.length, columns });
    return all.map((options, i) => {
      const prediction = predicted.slice(i * this.width, (i + 1) * this.width);
      const cost = options.reduce((sum, option) => sum + option.cost, 0);
      return { options, cost, prediction, short: this.shortOf(prediction) };
    });
  }

  private describe({ options, cost, prediction }: State): Counterfactual {
    const changes = options.map(({ input, cell }) => ({
      input,
      from: cellOf(columnOf(this.row, input), 0),
      to: cell,
    }));
    return { changes, cost, prediction: [...prediction] };
  }
}

/** How far a prediction is from what is wanted; 0 or less: reached. */
function shortfall(
  fitted: FittedPipeline,
  wanted: CounterfactualOptions['wanted'],
): (prediction: Float64Array) => number {
  if (!('class' in wanted)) {
    const { min = -Infinity, max = Infinity } = wanted;
    return ([value]) => Math.max(min - value!, value! - max);
  }
  const code = fitted.classes.indexOf(wanted.class);
  if (code < 0) {
    throw errors.invalid('LEARNING.COUNTERFACTUAL', `"${wanted.class}" is none of the pipeline's classes.`);
  }
  const { threshold = 0.5 } = wanted;
  return (prediction) => threshold - prediction[code]!;
}

function costOf(column: Column, from: Cell): (cell: Cell) => number {
  if (column.kind !== 'numeric' && column.kind !== 'time') return () => 1 + EACH;
  const sorted = column.values.filter(Number.isFinite).sort();
  const at = (level: number): number => sorted[Math.round(level * (sorted.length - 1))] ?? 0;
  const range = at(0.9) - at(0.1) || 1;
  return (cell) => EACH + (from === null ? 1 : Math.abs((cell as number) - (from as number)) / range);
}
