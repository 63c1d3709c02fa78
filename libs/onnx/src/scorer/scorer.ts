import type { FittedPipeline, PipelineInput, Table } from '@steward/learning';

import type { Cell, InputColumn } from './cell-encoder';

/**
 * A compiled pipeline: answers on the calling thread, in microseconds, without allocating. One scorer keeps scratch
 * rows of its own, so it is used by one thread, one call at a time (calls are synchronous: nothing to take care of).
 *
 * Predictions are `width` numbers per row: the probabilities of the classes in their order, or the one prediction of
 * a regression or ranking. They equal the plain walk over the fitted pipeline bit for bit.
 */
export interface Scorer {
  readonly task: FittedPipeline['task'];
  /** What a row is made of, in this order. */
  readonly inputs: readonly PipelineInput[];
  /** Class names in the order of the probabilities; empty for regression and ranking. */
  readonly classes: readonly string[];
  /** Numbers per row of the dense form, after the encoders. */
  readonly features: number;
  /** Predictions per row. */
  readonly width: number;
  /** Scores per row before the link. */
  readonly scoreWidth: number;

  /**
   * Scores one row of cells, one per input in their order, into `out` from `outAt` on.
   *
   * @throws AppError ONNX.BAD_CELL if a cell is not of its input's kind, ONNX.BAD_ROW if there are too few or many.
   */
  scoreRow(cells: ArrayLike<Cell>, out: Float64Array, outAt?: number): void;
  /** Scores `rows` rows of numbers, row-major [rows, inputs]; `out` takes `rows * width` numbers. Throws as scoreRow does. */
  scoreRows(values: Float64Array, rows: number, out: Float64Array): void;
  /** Scores `rows` rows given as one column per input, in their order; `out` takes `rows * width` numbers. */
  scoreBatch(columns: readonly InputColumn[], rows: number, out: Float64Array): void;
  /** Scores a table; its columns are found by name and must have the kind of the input. */
  scoreTable(table: Table, out: Float64Array): void;
  /** Scores one row that is already encoded and starts at `at`. */
  scoreDense(dense: Float64Array, at: number, out: Float64Array, outAt?: number): void;
  /** Scores `rows` encoded rows, row-major [rows, features]. */
  scoreDenseBatch(dense: Float64Array, rows: number, out: Float64Array): void;
  /** The scores of an encoded row before the link, `scoreWidth` numbers: what SHAP values sum to. */
  rawScores(dense: Float64Array, at: number, out: Float64Array, outAt?: number): void;
  /** Encodes one row of cells into `dense` from `at` on, `features` numbers. */
  encodeRow(cells: ArrayLike<Cell>, dense: Float64Array, at?: number): void;
}

/** The class index with the greatest of the `width` probabilities at `at`; the first of equals. */
export function bestClass(probabilities: Float64Array, at: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) if (probabilities[at + k]! > probabilities[at + best]!) best = k;
  return best;
}
