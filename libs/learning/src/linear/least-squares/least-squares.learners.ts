import { checkFit } from '../../learner/check-fit';
import type { Learner } from '../../learner/learner';
import { anything, checkParameters, integer, number, type Rule } from '../../parameters/parameters';
import type { EncodingSpec } from '../../pipeline/encoding-spec';
import { denseData } from '../dense-fit';
import { type Moments, momentsOf, solveElasticNet, solveRidge } from './solve-least-squares';

/** Parameters of least squares without penalty. */
export interface LinearParameters {
  /** Default: numbers imputed by the mean and standardised, categories one-hot. */
  readonly encoding: EncodingSpec;
}

/** Parameters of ridge regression, as scikit-learn's Ridge has them. */
export interface RidgeParameters extends LinearParameters {
  /** Penalty of the squared weights against the sum of squared errors. Default 1. */
  readonly alpha: number;
}

/** Parameters of lasso and elastic net, as scikit-learn's ElasticNet has them. */
export interface ElasticNetParameters extends LinearParameters {
  /** Penalty against half the mean squared error. Default 1. */
  readonly alpha: number;
  /** Share of the L1 penalty: 1 is the lasso. Default 0.5 (1 for lasso). */
  readonly l1Ratio: number;
  /** Default 10000. */
  readonly maxIterations: number;
  /** Default 1e-9. */
  readonly tolerance: number;
}

const encoding = {};
const ridgeRules = { alpha: number({ min: 0 }), encoding: anything };
const netRules: Readonly<Record<keyof ElasticNetParameters, Rule>> = {
  ...ridgeRules,
  l1Ratio: number({ min: 0, max: 1 }),
  maxIterations: integer({ min: 1 }),
  tolerance: number({ above: 0 }),
};
const netDefaults = { alpha: 1, l1Ratio: 0.5, maxIterations: 10_000, tolerance: 1e-9, encoding };

/** Ordinary least squares. */
export function linear(params: Partial<LinearParameters> = {}): Learner<LinearParameters> {
  const checked = checkParameters('linear', { encoding }, { encoding: anything }, params);
  return leastSquares('linear', checked, (moments) => solveRidge(moments, 0));
}

/** Least squares with an L2 penalty. */
export function ridge(params: Partial<RidgeParameters> = {}): Learner<RidgeParameters> {
  const checked = checkParameters('ridge', { alpha: 1, encoding }, ridgeRules, params);
  return leastSquares('ridge', checked, (moments) => solveRidge(moments, checked.alpha));
}

/** Least squares with an L1 penalty: weights that do not pay become 0. */
export function lasso(params: Partial<ElasticNetParameters> = {}): Learner<ElasticNetParameters> {
  const checked = checkParameters('lasso', { ...netDefaults, l1Ratio: 1 }, netRules, params);
  return leastSquares('lasso', checked, (moments, deviation) => solveElasticNet(moments, deviation, checked));
}

/** Least squares with both penalties. */
export function elasticNet(params: Partial<ElasticNetParameters> = {}): Learner<ElasticNetParameters> {
  const checked = checkParameters('elastic-net', netDefaults, netRules, params);
  return leastSquares('elastic-net', checked, (moments, deviation) =>
    solveElasticNet(moments, deviation, checked),
  );
}

function leastSquares<P extends LinearParameters>(
  name: string,
  params: P,
  solve: (moments: Moments, deviation: number) => Float64Array,
): Learner<P> {
  const learner = { name, params, tasks: ['regression'] as const };
  return {
    ...learner,
    fit(table, target, options = {}) {
      checkFit(learner, table, target, options);
      const data = denseData(table, params.encoding, { ...options, target });
      const moments = momentsOf(data, target.values, options.weights);
      const weights = solve(moments, deviationOf(target.values, moments, options.weights));
      const shift = weights.reduce((sum, weight, j) => sum + weight * moments.means[j]!, 0);
      const intercepts = Float64Array.of(moments.meanY - shift);
      const model = { features: data.features, outputs: 1, weights, intercepts, link: 'identity' as const };
      return {
        task: 'regression',
        inputs: data.encoding.inputs,
        encoders: data.encoding.encoders,
        predictor: { kind: 'linear', model },
        classes: [],
      };
    },
  };
}

function deviationOf(y: Float64Array, { meanY, total }: Moments, weights: Float64Array | undefined): number {
  const squares = y.reduce((sum, value, i) => sum + (weights ? weights[i]! : 1) * (value - meanY) ** 2, 0);
  return Math.sqrt(squares / total);
}
