import { errors, type AppError } from '@steward/kernel';
import {
  fitIsolationForest,
  selectRows,
  type Column,
  type EncodingSpec,
  type FittedPipeline,
  type Table,
} from '@steward/learning';
import { decodeModel, encodeModel } from '../model-file/model-file';
import { compileScorer } from '../scorer/compile-scorer';
import type { Scorer } from '../scorer/scorer';

/** Shares of the training rows whose scores a file holds: thresholds to choose from. */
export const ISOLATION_LEVELS = [0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 1] as const;
/** One of {@link ISOLATION_LEVELS}. */
export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

/** Largest file, bytes. */
export const MAX_ISOLATION_BYTES = 16 * 1024 * 1024;

const KEY = 'isolation';
const TREES = 100;
const SAMPLE_ROWS = 256;
/** A column with more categories is close to a name: each row would stand apart by it. */
const MOST_CATEGORIES = 1_000;
/** Training rows whose scores the thresholds are taken from; of more, evenly spaced ones. */
const MOST_SCORED = 200_000;

/**
 * A feature for each column, so that none weighs more for having many categories: numbers as they are, their median
 * where they are missing; the share of training rows that have the category, 0 for one that none had. Not times:
 * what comes after training is later than all of it.
 */
const ENCODING = {
  numeric: { kind: 'number', impute: 'median' },
  boolean: { kind: 'number', impute: 'most-frequent' },
  time: { kind: 'drop' },
  categorical: { kind: 'frequency' },
} as const satisfies EncodingSpec;

/** Scores how far whole rows stand apart from the training rows, and from where on that is too far. */
export interface IsolationScorer {
  /** Its inputs are those of the model that it can judge, in the model's order; the prediction is the anomaly score. */
  readonly scorer: Scorer;
  /** The score that the share `level` of the training rows does not pass. */
  readonly threshold: (level: IsolationLevel) => number;
}

/**
 * Fits an isolation forest on the training rows of a model, and writes it as a model file that names its thresholds.
 * Equal arguments give equal bytes. Null where no column can be judged, or where the file would be too large.
 */
export function isolationFile(
  training: Table,
  seed: number,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> | null {
  const usable = training.columns.filter(isUsable);
  if (usable.length === 0 || training.rows === 0) return null;
  const table: Table = { columns: usable, rows: training.rows };
  const params = { trees: TREES, sampleRows: SAMPLE_ROWS, encoding: ENCODING };
  const fitted = fitIsolationForest(table, params, { seed });
  const thresholds = thresholdsOf(fitted, table);
  const file = encodeModel(fitted, { ...metadata, [KEY]: JSON.stringify({ thresholds }) });
  return file.byteLength > MAX_ISOLATION_BYTES ? null : file;
}

/** @throws AppError ONNX.BAD_MODEL_FILE unless it is a whole file that {@link isolationFile} wrote. */
export function readIsolationFile(bytes: Uint8Array): IsolationScorer {
  const { fitted, metadata } = decodeModel(bytes);
  const thresholds = parseThresholds(metadata[KEY]);
  const scorer = compileScorer(fitted);
  if (scorer.width !== 1) throw damaged();
  return { scorer, threshold: (level) => thresholds[ISOLATION_LEVELS.indexOf(level)]! };
}

function isUsable(column: Column): boolean {
  switch (column.kind) {
    case 'time':
      return false;
    case 'categorical':
      return column.categories.length <= MOST_CATEGORIES;
    case 'boolean':
      return true;
    case 'numeric':
      return column.values.every((value) => Math.abs(value) !== Infinity);
  }
}

function thresholdsOf(fitted: FittedPipeline, table: Table): number[] {
  const step = Math.ceil(table.rows / MOST_SCORED);
  const rows = Int32Array.from({ length: Math.ceil(table.rows / step) }, (_, i) => i * step);
  const scores = new Float64Array(rows.length);
  compileScorer(fitted).scoreTable(step === 1 ? table : selectRows(table, rows), scores);
  scores.sort();
  return ISOLATION_LEVELS.map((level) => scores[Math.max(0, Math.ceil(level * scores.length) - 1)]!);
}

function parseThresholds(json: string | undefined): readonly number[] {
  try {
    const { thresholds } = JSON.parse(json ?? '') as { thresholds: unknown };
    if (
      Array.isArray(thresholds) &&
      thresholds.length === ISOLATION_LEVELS.length &&
      thresholds.every((score) => typeof score === 'number' && score > 0 && score <= 1)
    )
      return thresholds as number[];
  } catch {
    // Told below.
  }
  throw damaged();
}

const damaged = (): AppError =>
  errors.invalid('ONNX.BAD_MODEL_FILE', 'This model file holds no isolation forest with its thresholds.');
