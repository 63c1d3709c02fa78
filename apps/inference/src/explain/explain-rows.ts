import { errors, type AppError } from '@steward/kernel';
import { counterfactuals, explain, predictScores, selectRows, type Table } from '@steward/learning';
import type { ExplainablePipeline } from '@steward/onnx';
import type { ReferenceProfile } from '@steward/statistics';
import type { InputColumn } from '../engines/engine';
import { referenceTable, tableOf } from './explain-columns';
import type { AllowedChanges, CounterfactualOptions } from './explain-options';
import type { Counterfactuals, ExplainedMargins, ExplanationBasis } from './explanation';

/** Rows that are explained before the clock is looked at again. */
const LOT = 32;
/** So much beyond the threshold a turned decision lies, where at the threshold itself it would not be turned. */
const BEYOND = 1e-9;

/** What is to be explained. */
export interface ExplainWork {
  /** In the order of the model's inputs. */
  readonly columns: readonly InputColumn[];
  readonly rows: number;
  /** When nobody waits any more, milliseconds since the epoch. */
  readonly deadline: number;
  readonly counterfactuals: CounterfactualWork | null;
}

/** What counterfactuals are looked for. */
export interface CounterfactualWork
  extends AllowedChanges, Pick<CounterfactualOptions, 'max_changes' | 'count'> {
  readonly rows: readonly number[];
  /** Probability of the positive class from which a row gets the positive label. */
  readonly threshold: number;
  readonly reference: ReferenceProfile;
}

/**
 * Explains rows, on the calling thread. A row's numbers do not depend on the rows beside it. Throws
 * INFERENCE.EXPLAIN_TIMEOUT, INFERENCE.NOT_EXPLAINABLE and INFERENCE.ROW_NOT_EXPLAINABLE.
 */
export function explainRows(
  { fitted, means, rows: trainingRows }: ExplainablePipeline,
  work: ExplainWork,
  now: () => number = Date.now,
): ExplainedMargins {
  const { predictor, inputs, calibration } = fitted;
  if (fitted.task !== 'binary') {
    throw errors.invalid('INFERENCE.NOT_EXPLAINABLE', 'Only decisions between two classes are explained.');
  }
  const table = tableOf(inputs, work.columns);
  const margins = new Float64Array(work.rows);
  const contributions = new Float64Array(work.rows * inputs.length);
  let base = 0;
  for (let from = 0; from < work.rows; from += LOT) {
    requireTime(work, now);
    const lot = part(table, from, Math.min(work.rows, from + LOT));
    const explained = explain(fitted, lot, { means });
    const scores = predictScores(fitted, lot);
    // The positive class is the only output, or the last of two.
    const output = explained.outputs - 1;
    base = explained.base[output]!;
    for (let row = 0; row < lot.rows; row++) {
      const at = row * explained.outputs + output;
      margins[from + row] = requireFinite(scores[at]!, from + row);
      contributions.set(
        explained.values.subarray(at * inputs.length, (at + 1) * inputs.length),
        (from + row) * inputs.length,
      );
    }
  }
  const link = predictor.kind === 'trees' ? predictor.ensemble.link : predictor.model.link;
  const basis: ExplanationBasis = {
    method: predictor.kind === 'trees' ? 'tree_shap' : 'linear_shap',
    units: link === 'logistic' ? 'log_odds' : 'probability',
    calibrated: calibration !== undefined,
    base,
    base_over: 'training_rows',
    base_rows: trainingRows,
  };
  return { basis, margins, contributions, counterfactuals: turned(fitted, table, work, now) };
}

function turned(
  fitted: ExplainablePipeline['fitted'],
  table: Table,
  { rows, deadline, counterfactuals: wanted }: ExplainWork,
  now: () => number,
): (Counterfactuals | null)[] {
  if (!wanted) return [];
  const background = referenceTable(fitted.inputs, wanted.reference);
  const [negative, positive] = fitted.classes as [string, string];
  const { threshold, immutable, direction, max_changes: maxChanges, count } = wanted;
  const labelOf = (probability: number): string => (probability >= threshold ? positive : negative);
  return Array.from({ length: rows }, (_, row) => {
    if (!wanted.rows.includes(row)) return null;
    let complete = true;
    const shouldStop = (): boolean => {
      if (now() <= deadline) return false;
      complete = false;
      return true;
    };
    const options = { background, immutable, direction, maxChanges, count, shouldStop };
    // A row that has the wanted label already has nothing to be turned: of the two searches one finds nothing.
    const found = [
      ...counterfactuals(fitted, table, row, { ...options, wanted: { class: positive, threshold } }),
      ...counterfactuals(fitted, table, row, {
        ...options,
        wanted: { class: negative, threshold: 1 - threshold + BEYOND },
      }),
    ];
    return {
      complete,
      found: found.map(({ changes, cost, prediction }) => ({
        changes: changes.map(({ input, from, to }) => ({ column: input, from, to })),
        cost,
        label: labelOf(prediction[1]!),
        probability: prediction[1]!,
      })),
    };
  });
}

const part = (table: Table, from: number, to: number): Table =>
  selectRows(
    table,
    Int32Array.from({ length: to - from }, (_, row) => from + row),
  );

function requireTime({ deadline }: ExplainWork, now: () => number): void {
  if (now() > deadline) throw explainTimeout();
}

export const explainTimeout = (): AppError =>
  errors.limit(
    'INFERENCE.EXPLAIN_TIMEOUT',
    'The explanation took too long. Ask for fewer rows at a time, or for no counterfactuals.',
  );

function requireFinite(margin: number, row: number): number {
  if (Number.isFinite(margin)) return margin;
  throw errors.invalid(
    'INFERENCE.ROW_NOT_EXPLAINABLE',
    `Row ${row} has no finite margin: an input of it is infinite, or very large.`,
    { details: { row } },
  );
}
