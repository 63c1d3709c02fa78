import { errors } from '@steward/kernel';
import { checkFit } from '../../learner/check-fit';
import { withClassWeights } from '../../learner/class-weights';
import type { FitOptions, Learner } from '../../learner/learner';
import { checkParameters } from '../../parameters/parameters';
import type { FittedPipeline } from '../../pipeline/fitted-pipeline';
import type { Table } from '../../table/table';
import type { MulticlassTarget } from '../../target/target';
import { denseData } from '../dense-fit';
import { logisticDefaults, type LogisticParameters, logisticRules } from '../logistic/logistic.learner';
import { newtonMultinomial } from './newton-multinomial';

/** Multinomial logistic regression with an L2 penalty, for three classes or more. Parameters as of `logistic`. */
export function multinomial(params: Partial<LogisticParameters> = {}): Learner<LogisticParameters> {
  const checked = checkParameters('multinomial', logisticDefaults, logisticRules, params);
  const learner = { name: 'multinomial', params: checked, tasks: ['multiclass'] as const };
  return {
    ...learner,
    fit(table, target, options = {}) {
      checkFit(learner, table, target, options);
      return fitMultinomial(table, target as MulticlassTarget, options, checked);
    },
  };
}

function fitMultinomial(
  table: Table,
  target: MulticlassTarget,
  options: FitOptions,
  params: LogisticParameters,
): FittedPipeline {
  const outputs = target.classes.length;
  const seen = new Set(target.values.filter((_, i) => !options.weights || options.weights[i]! > 0));
  if (seen.size < outputs) {
    const absent = target.classes.find((_, code) => !seen.has(code));
    throw errors.invalid('LEARNING.ONE_CLASS', `No training row is of class "${absent}"; leave it out.`);
  }
  const data = denseData(table, params.encoding, { ...options, target });
  const beta = newtonMultinomial(data, {
    onProgress: options.onProgress,
    shouldStop: options.shouldStop,
    y: target.values,
    classes: outputs,
    weights: withClassWeights(target, options.weights, params.classWeight),
    penalty: 1 / params.c,
    maxIterations: params.maxIterations,
    tolerance: params.tolerance,
  });
  const { features } = data;
  const weights = new Float64Array(outputs * features);
  const intercepts = new Float64Array(outputs);
  for (let k = 0; k < outputs; k++) {
    const start = k * (features + 1);
    weights.set(beta.subarray(start, start + features), k * features);
    intercepts[k] = beta[start + features]!;
  }
  // Adding a number to all intercepts changes nothing; as in scikit-learn they sum to 0.
  const mean = intercepts.reduce((sum, value) => sum + value, 0) / outputs;
  for (let k = 0; k < outputs; k++) intercepts[k]! -= mean;
  const model = { features, outputs, weights, intercepts, link: 'softmax' as const };
  return {
    task: 'multiclass',
    inputs: data.encoding.inputs,
    encoders: data.encoding.encoders,
    predictor: { kind: 'linear', model },
    classes: target.classes,
  };
}
