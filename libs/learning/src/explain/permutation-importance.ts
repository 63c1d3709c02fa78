import { type FitControl, report } from '../learner/progress';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { predict, predictionWidth } from '../pipeline/predict';
import { deriveSeed, Random } from '../random/random';
import type { DataPart } from '../selection/hold-out';
import { predictionLoss } from '../selection/prediction-loss';
import { columnOf, selectRows } from '../table/select-table';
import type { Table } from '../table/table';

/** How much worse a model gets when an input is shuffled. */
export interface InputImportance {
  readonly input: string;
  /** Mean rise of the loss (see `predictionLoss`) over the repeats; about 0 or below: not needed. */
  readonly mean: number;
  /** Standard deviation over the repeats. */
  readonly deviation: number;
}

/**
 * Permutation importance (Breiman 2001) on rows that the model has not seen: most important first. Inputs that carry
 * the same information share it between them.
 */
export function permutationImportance(
  fitted: FittedPipeline,
  data: DataPart,
  options: { readonly repeats?: number; readonly seed?: number } & FitControl = {},
): InputImportance[] {
  const { repeats = 5, seed = 0 } = options;
  const width = predictionWidth(fitted);
  const lossOn = (table: Table): number =>
    predictionLoss(data.target, predict(fitted, table), width, data.weights);
  const before = lossOn(data.table);
  const out = fitted.inputs.map(({ name }, i): InputImportance => {
    const rises = Array.from({ length: repeats }, (_, r) => {
      const random = new Random(deriveSeed(deriveSeed(seed, i), r));
      const order = random.shuffle(new Int32Array(data.table.rows).map((_v, row) => row));
      return lossOn(withShuffled(data.table, name, order)) - before;
    });
    report(options, { done: i + 1, total: fitted.inputs.length });
    const mean = rises.reduce((sum, rise) => sum + rise, 0) / repeats;
    const squares = rises.reduce((sum, rise) => sum + (rise - mean) ** 2, 0);
    return { input: name, mean, deviation: Math.sqrt(squares / repeats) };
  });
  return out.sort((a, b) => b.mean - a.mean);
}

function withShuffled(table: Table, name: string, order: Int32Array): Table {
  const shuffled = selectRows({ rows: table.rows, columns: [columnOf(table, name)] }, order).columns[0]!;
  return {
    rows: table.rows,
    columns: table.columns.map((column) => (column.name === name ? shuffled : column)),
  };
}
