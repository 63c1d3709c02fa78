import { errors } from '@steward/kernel';
import { applyCalibration, type FittedPipeline, type Table } from '@steward/learning';

import { isClassifier, predictionWidth } from '../pipeline/feature-layout';
import { compileScorer } from '../scorer/compile-scorer';
import { bestClass } from '../scorer/scorer';
import { tableColumns } from '../scorer/table-columns';
import { OnnxSession, type RuntimeAnswer } from './onnx-session';
import { rowsWithBooleans, selectRows, spread } from './table-rows';
import { thresholdRows } from './threshold-rows';

/** How a check is done. */
export interface CheckOptions {
  /** The learner's own predictions, row-major [rows, classes] or [rows]. */
  readonly predict: (table: Table) => ArrayLike<number>;
  /** The greatest difference that passes. Default 1e-6; relative where the prediction is beyond 1. */
  readonly tolerance?: number;
  /** The greatest number of rows of the table that are compared, spread evenly over it. Default 10,000. */
  readonly rows?: number;
  /** The greatest number of splits whose thresholds are tried, and of thresholds of encoders. Default 1,000. */
  readonly thresholds?: number;
}

/** What a check found. */
export interface CheckReport {
  /** The greatest difference, divided by the prediction where that is beyond 1. */
  readonly maxDifference: number;
  /** Rows of the table that were compared. */
  readonly rows: number;
  /** Rows made for the thresholds: each threshold tried, and the two doubles beside it. */
  readonly thresholdRows: number;
  /** Rows that could not be compared because a boolean is missing, which an ONNX BOOL cannot be. */
  readonly skippedRows: number;
}

/**
 * Compares ONNX Runtime (CPU, one thread) with the learner on the rows of a table and on rows at the thresholds, and
 * the labels with the most probable class.
 *
 * @throws AppError ONNX.PARITY with the first row that differs by more than the tolerance, ONNX.REJECTED if ONNX
 *   Runtime does not take the model, ONNX.BAD_TABLE if the table lacks a column or has no row to compare.
 */
export async function checkOnnx(
  bytes: Uint8Array,
  fitted: FittedPipeline,
  table: Table,
  { predict, tolerance = 1e-6, rows = 10_000, thresholds = 1000 }: CheckOptions,
): Promise<CheckReport> {
  tableColumns(fitted.inputs, table);
  const whole = rowsWithBooleans(table, new Set(fitted.inputs.map(({ name }) => name)));
  if (whole.length === 0)
    throw errors.invalid('ONNX.BAD_TABLE', 'The table has no row that could be compared.');
  const given = selectRows(table, spread(whole, rows));
  const probes = thresholdRows(fitted, given, encodeTable(fitted, given), thresholds);
  const session = await OnnxSession.open(bytes, fitted);
  try {
    let maxDifference = 0;
    for (const [part, of] of [
      [given, 'given'],
      [probes, 'threshold'],
    ] as const) {
      if (part === null) continue;
      const allowed = rowTolerances(fitted, part, tolerance);
      const difference = compare(fitted, await session.run(part), predict(part), { allowed, tolerance, of });
      maxDifference = Math.max(maxDifference, difference);
    }
    const skippedRows = table.rows - whole.length;
    return { maxDifference, rows: given.rows, thresholdRows: probes?.rows ?? 0, skippedRows };
  } finally {
    await session.close();
  }
}

/**
 * What each row may differ by. A steep calibration magnifies differences: where the probability before it is known to
 * the tolerance, the one after it is known to what the calibration makes of that, and the tolerance itself.
 */
function rowTolerances(fitted: FittedPipeline, table: Table, tolerance: number): (row: number) => number {
  const { calibration, ...plain } = fitted;
  if (!calibration) return () => tolerance;
  const before = new Float64Array(table.rows * 2);
  compileScorer(plain).scoreTable(table, before);
  return (row) => {
    const p = before[row * 2 + 1]!;
    const at = applyCalibration(calibration, p);
    const [low, high] = [Math.max(0, p - tolerance), Math.min(1, p + tolerance)];
    const reach = [low, high].map((end) => Math.abs(applyCalibration(calibration, end) - at));
    return tolerance + Math.max(...reach);
  };
}

function encodeTable(fitted: FittedPipeline, table: Table): Float64Array {
  const scorer = compileScorer(fitted);
  const columns = tableColumns(fitted.inputs, table);
  const dense = new Float64Array(table.rows * scorer.features);
  for (let row = 0; row < table.rows; row++) {
    const cells = columns.map((column) => {
      if (!('codes' in column)) return column[row];
      return column.codes[row]! < 0 ? null : column.categories[column.codes[row]!];
    });
    scorer.encodeRow(cells, dense, row * scorer.features);
  }
  return dense;
}

function compare(
  fitted: FittedPipeline,
  runtime: RuntimeAnswer,
  learner: ArrayLike<number>,
  { allowed, tolerance, of }: { allowed: (row: number) => number; tolerance: number; of: string },
): number {
  const width = predictionWidth(fitted);
  if (runtime.predictions.length !== learner.length) {
    throw errors.internal(
      'ONNX.PARITY',
      `${runtime.predictions.length} predictions against ${learner.length}.`,
    );
  }
  let greatest = 0;
  for (let i = 0; i < learner.length; i++) {
    const difference = differenceOf(runtime.predictions[i]!, learner[i]!);
    const row = Math.floor(i / width);
    if (difference > allowed(row)) {
      throw errors.internal(
        'ONNX.PARITY',
        `ONNX Runtime answers ${runtime.predictions[i]} where the learner says ${learner[i]} (${of} row ${row}).`,
        { details: { row, of, difference, tolerance } },
      );
    }
    greatest = Math.max(greatest, difference);
  }
  if (isClassifier(fitted)) compareLabels(fitted, runtime, tolerance);
  return greatest;
}

/** 0 for equal numbers, two infinities of one sign and two NaN; otherwise relative beyond 1, and never NaN. */
function differenceOf(actual: number, wanted: number): number {
  if (Object.is(actual, wanted) || actual === wanted) return 0;
  const difference = Math.abs(actual - wanted) / Math.max(1, Math.abs(wanted));
  return Number.isNaN(difference) ? Infinity : difference;
}

/** The label must be the most probable class, or as probable as it to within the tolerance. */
function compareLabels({ classes }: FittedPipeline, runtime: RuntimeAnswer, tolerance: number): void {
  const { labels, predictions } = runtime;
  const width = classes.length;
  labels.forEach((label, row) => {
    const best = predictions[row * width + bestClass(predictions, row * width, width)]!;
    const named = predictions[row * width + classes.indexOf(label)];
    if (named === undefined || named < best - tolerance) {
      throw errors.internal(
        'ONNX.PARITY',
        `ONNX Runtime labels row ${row} ${label}, which is not most probable.`,
      );
    }
  });
}
