import { errors } from '@steward/kernel';
import { checkFit } from '../../learner/check-fit';
import { withClassWeights } from '../../learner/class-weights';
import type { FitOptions, Learner } from '../../learner/learner';
import { anything, checkParameters, integer, number, oneOf, type Rule } from '../../parameters/parameters';
import type { EncodingSpec } from '../../pipeline/encoding-spec';
import type { FittedPipeline } from '../../pipeline/fitted-pipeline';
import type { Table } from '../../table/table';
import type { BinaryTarget } from '../../target/target';
import { denseData } from '../dense-fit';
import { bernoulli, newtonGlm } from '../newton-glm';

/** Parameters of logistic regression, as scikit-learn's LogisticRegression has them. */
export interface LogisticParameters {
  /** Inverse strength of the L2 penalty on the weights (the intercept is free). Default 1. */
  readonly c: number;
  /** Default 100. */
  readonly maxIterations: number;
  /** Largest gradient for each unit of sample weight at which the fit ends. Default 1e-10. */
  readonly tolerance: number;
  /** 'balanced' weighs classes by rows / (classes x rows of the class). Default 'none'. */
  readonly classWeight: 'none' | 'balanced';
  /** Default: numbers imputed by the mean and standardised, categories one-hot. */
  readonly encoding: EncodingSpec;
}

const NAME = 'logistic';

/** Defaults of LogisticParameters. */
export const logisticDefaults: LogisticParameters = {
  c: 1,
  maxIterations: 100,
  tolerance: 1e-10,
  classWeight: 'none',
  encoding: {},
};

/** What LogisticParameters may hold. */
export const logisticRules: Readonly<Record<keyof LogisticParameters, Rule>> = {
  c: number({ above: 0 }),
  maxIterations: integer({ min: 1 }),
  tolerance: number({ above: 0 }),
  classWeight: oneOf('none', 'balanced'),
  encoding: anything,
};

/** Binary logistic regression with an L2 penalty, by Newton's method. See LogisticParameters. */
export function logistic(params: Partial<LogisticParameters> = {}): Learner<LogisticParameters> {
  const checked = checkParameters(NAME, logisticDefaults, logisticRules, params);
  const learner = { name: NAME, params: checked, tasks: ['binary'] as const };
  return {
    ...learner,
    fit(table, target, options = {}) {
      checkFit(learner, table, target, options);
      return fitLogistic(table, target as BinaryTarget, options, checked);
    },
  };
}

function fitLogistic(
  table: Table,
  target: BinaryTarget,
  options: FitOptions,
  params: LogisticParameters,
): FittedPipeline {
  checkBothClasses(target, options.weights);
  const data = denseData(table, params.encoding, { ...options, target });
  const beta = newtonGlm(data, {
    family: bernoulli,
    onProgress: options.onProgress,
    shouldStop: options.shouldStop,
    y: target.values,
    weights: withClassWeights(target, options.weights, params.classWeight),
    penalty: 1 / params.c,
    maxIterations: params.maxIterations,
    tolerance: params.tolerance,
  });
  const model = {
    features: data.features,
    outputs: 1,
    weights: beta.slice(0, data.features),
    intercepts: beta.slice(data.features),
    link: 'logistic' as const,
  };
  return {
    task: 'binary',
    inputs: data.encoding.inputs,
    encoders: data.encoding.encoders,
    predictor: { kind: 'linear', model },
    classes: target.classes,
  };
}

/** Without both classes the intercept has no finite optimum. */
function checkBothClasses(target: BinaryTarget, weights: Float64Array | undefined): void {
  const seen = new Set(target.values.filter((_, i) => !weights || weights[i]! > 0));
  if (seen.size === 2) return;
  throw errors.invalid(
    'LEARNING.ONE_CLASS',
    'The training rows hold one class only; logistic regression needs rows of both.',
  );
}
