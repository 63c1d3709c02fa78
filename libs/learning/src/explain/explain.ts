import { errors } from '@steward/kernel';
import type { LinearModel } from '../linear/linear-model';
import { linearScores } from '../linear/linear-scores';
import { checkInputs, encodeRows, widthOf } from '../pipeline/encode';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { predictScores } from '../pipeline/predict';
import type { Table } from '../table/table';
import { InterventionalShap } from './interventional-shap';
import { expectedScores, PathShap } from './path-shap';

/** Contributions of inputs to scores. base[k] + sum over inputs of values[row, k, input] is the row's score k. */
export interface Explanation {
  /** Names of the inputs; a one-hot input has the sum of its features. */
  readonly inputs: readonly string[];
  /** Scores before the link: 1 for binary (log-odds), regression and ranking; classes for multiclass. */
  readonly outputs: number;
  /** The expected score that contributions start from. Length = outputs. */
  readonly base: Float64Array;
  /** Row-major [rows, outputs, inputs]. */
  readonly values: Float64Array;
}

/** How to explain. */
export interface ExplainOptions {
  /**
   * Rows that stand for "not knowing" a value; 100 or so. Trees without it use the covers of training ("path-dependent"
   * TreeSHAP); with it they are explained exactly against these rows ("interventional"). Linear models need it.
   */
  readonly background?: Table;
  /**
   * Linear models only, in place of the background: {@link featureMeans} of the training rows. All that an exact
   * explanation of a linear score needs of them, and no row of anybody.
   */
  readonly means?: Float64Array;
}

/** Writes the contributions of one dense row's features, output after output. */
interface RowExplainer {
  explain(row: Float64Array, out: Float64Array): void;
}

/**
 * Exact SHAP values of a fitted pipeline for the rows of a table. Throws LEARNING.BACKGROUND for a linear model
 * without background rows, or for an empty background.
 */
export function explain(fitted: FittedPipeline, table: Table, options: ExplainOptions = {}): Explanation {
  checkInputs(fitted.inputs, table);
  if (options.background?.rows === 0) throw noBackground('The background table has no rows.');
  const { explainer, base } = explainerOf(fitted, options);
  const features = widthOf(fitted.encoders);
  const outputs = base.length;
  const inputOf = inputByFeature(fitted);
  const inputs = fitted.inputs.map((input) => input.name);
  const dense = encodeRows(fitted.encoders, table);
  const values = new Float64Array(table.rows * outputs * inputs.length);
  const scratch = new Float64Array(outputs * features);
  for (let row = 0; row < table.rows; row++) {
    scratch.fill(0);
    explainer.explain(dense.subarray(row * features, (row + 1) * features), scratch);
    for (let k = 0; k < outputs; k++) {
      const at = (row * outputs + k) * inputs.length;
      for (let j = 0; j < features; j++) values[at + inputOf[j]!]! += scratch[k * features + j]!;
    }
  }
  return { inputs, outputs, base, values };
}

/**
 * The mean of each feature that the encoders make of a table's rows, in their order: what a linear model is explained
 * against. Throws LEARNING.BACKGROUND for a table without rows.
 */
export function featureMeans(fitted: FittedPipeline, table: Table): Float64Array {
  checkInputs(fitted.inputs, table);
  if (table.rows === 0) throw noBackground('The background table has no rows.');
  const features = widthOf(fitted.encoders);
  const dense = encodeRows(fitted.encoders, table);
  const means = new Float64Array(features);
  for (let i = 0; i < table.rows; i++) {
    for (let j = 0; j < features; j++) means[j]! += dense[i * features + j]! / table.rows;
  }
  return means;
}

function explainerOf(
  fitted: FittedPipeline,
  { background, means }: ExplainOptions,
): { explainer: RowExplainer; base: Float64Array } {
  const { predictor, encoders } = fitted;
  if (predictor.kind === 'mlp') {
    throw errors.invalid(
      'LEARNING.EXPLAIN',
      'Shapley values of a network are not computed exactly here; use permutationImportance or partialDependence.',
    );
  }
  if (predictor.kind === 'trees' && !background) {
    return { explainer: new PathShap(predictor.ensemble), base: expectedScores(predictor.ensemble) };
  }
  if (predictor.kind === 'linear' && means && !background) {
    if (means.length !== predictor.model.features) {
      throw noBackground(
        `The model reads ${predictor.model.features} features; means of ${means.length} came.`,
      );
    }
    return {
      explainer: linearExplainer(predictor.model, means),
      base: linearScores(predictor.model, means, 1),
    };
  }
  if (!background) throw noBackground('A linear model is explained against background rows; pass some.');
  checkInputs(fitted.inputs, background);
  const base = meanScores(fitted, background);
  if (predictor.kind === 'trees') {
    const dense = encodeRows(encoders, background);
    return { explainer: new InterventionalShap(predictor.ensemble, dense, background.rows), base };
  }
  return { explainer: linearExplainer(predictor.model, featureMeans(fitted, background)), base };
}

/** For a linear score the Shapley value of a feature is its weight times its distance from the background's mean. */
function linearExplainer(model: LinearModel, means: Float64Array): RowExplainer {
  const { features, outputs, weights } = model;
  return {
    explain(row, out) {
      for (let k = 0; k < outputs; k++) {
        for (let j = 0; j < features; j++) {
          out[k * features + j]! += weights[k * features + j]! * (row[j]! - means[j]!);
        }
      }
    },
  };
}

function meanScores(fitted: FittedPipeline, background: Table): Float64Array {
  const scores = predictScores(fitted, background);
  const outputs = scores.length / background.rows;
  const means = new Float64Array(outputs);
  scores.forEach((score, i) => {
    means[i % outputs]! += score / background.rows;
  });
  return means;
}

function inputByFeature(fitted: FittedPipeline): Int32Array {
  const place = new Map(fitted.inputs.map((input, i) => [input.name, i]));
  const owners = fitted.encoders.flatMap((encoder) =>
    Array.from({ length: encoder.width }, () => place.get(encoder.input)!),
  );
  return Int32Array.from(owners);
}

function noBackground(message: string) {
  return errors.invalid('LEARNING.BACKGROUND', message);
}
