import { applyCalibration } from '../calibration/calibration';
import { linearScores } from '../linear/linear-scores';
import { mlpScores } from '../mlp/mlp-model';
import type { Table } from '../table/table';
import { treeScores } from '../trees/evaluate-trees';
import { checkInputs, encodeRows } from './encode';
import type { FittedPipeline, FittedPredictor } from './fitted-pipeline';

const BLOCK = 4096;

/** Numbers that `predict` gives for each row: one for each class, or one for regression and ranking. */
export function predictionWidth(fitted: FittedPipeline): number {
  return Math.max(1, fitted.classes.length);
}

/**
 * Predictions of a table's rows, row-major [rows, predictionWidth]: probabilities of the classes (binary:
 * [negative, positive]), the expected value for regression, the score for ranking. Plain and slow: the oracle of the
 * compiled scorer and of the ONNX checker. Throws LEARNING.COLUMN_MISSING and LEARNING.COLUMN_KIND.
 */
export function predict(fitted: FittedPipeline, table: Table): Float64Array {
  const width = predictionWidth(fitted);
  const out = new Float64Array(table.rows * width);
  const scores = predictScores(fitted, table);
  const outputs = scoresOf(fitted);
  for (let row = 0; row < table.rows; row++) {
    const own = scores.subarray(row * outputs, (row + 1) * outputs);
    out.set(applyLink(linkOf(fitted), own, width), row * width);
    if (fitted.calibration) {
      const p = applyCalibration(fitted.calibration, out[row * width + 1]!);
      out.set([1 - p, p], row * width);
    }
  }
  return out;
}

/** The probability of the positive class (binary) or the prediction (regression, ranking), one number a row. */
export function predictPositive(fitted: FittedPipeline, table: Table): Float64Array {
  const width = predictionWidth(fitted);
  const all = predict(fitted, table);
  return width === 1 ? all : Float64Array.from({ length: table.rows }, (_, row) => all[row * width + 1]!);
}

/** Scores before the link (log-odds, logits, log means), row-major [rows, outputs]. */
export function predictScores(fitted: FittedPipeline, table: Table): Float64Array {
  checkInputs(fitted.inputs, table);
  const { predictor, encoders } = fitted;
  const outputs = scoresOf(fitted);
  const out = new Float64Array(table.rows * outputs);
  for (let from = 0; from < table.rows; from += BLOCK) {
    const to = Math.min(table.rows, from + BLOCK);
    const rows = encodeRows(encoders, table, from, to);
    out.set(denseScores(predictor, rows, to - from), from * outputs);
  }
  return out;
}

function denseScores(predictor: FittedPredictor, values: Float64Array, rows: number): Float64Array {
  switch (predictor.kind) {
    case 'trees':
      return treeScores(predictor.ensemble, values, rows);
    case 'linear':
      return linearScores(predictor.model, values, rows);
    case 'mlp':
      return mlpScores(predictor.model, values, rows);
  }
}

type Link = 'identity' | 'logistic' | 'softmax' | 'exp';

/** Turns the scores of one row into `width` predictions. */
export function applyLink(link: Link, scores: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width);
  switch (link) {
    case 'identity':
      out.set(scores);
      return out;
    case 'exp':
      return scores.map(Math.exp);
    case 'logistic': {
      const p = 1 / (1 + Math.exp(-scores[0]!));
      out.set(width === 2 ? [1 - p, p] : [p]);
      return out;
    }
    case 'softmax': {
      const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
      let sum = 0;
      for (let k = 0; k < width; k++) sum += out[k] = Math.exp(scores[k]! - most);
      return out.map((value) => value / sum);
    }
  }
}

const linkOf = ({ predictor }: FittedPipeline): Link =>
  predictor.kind === 'trees' ? predictor.ensemble.link : predictor.model.link;

const scoresOf = ({ predictor }: FittedPipeline): number =>
  predictor.kind === 'trees' ? predictor.ensemble.outputs : predictor.model.outputs;
