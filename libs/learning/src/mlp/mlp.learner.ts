import { checkFit } from '../learner/check-fit';
import { withClassWeights } from '../learner/class-weights';
import type { FitOptions, Learner } from '../learner/learner';
import { checkFiniteRows, denseData } from '../linear/dense-fit';
import { anything, checkParameters, integer, number, oneOf, type Rule } from '../parameters/parameters';
import { checkInputs, encodeRows } from '../pipeline/encode';
import type { EncodingSpec } from '../pipeline/encoding-spec';
import type { FittedEncoding } from '../pipeline/fit-encoders';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { predict, predictionWidth } from '../pipeline/predict';
import { holdOut } from '../selection/hold-out';
import { predictionLoss } from '../selection/prediction-loss';
import type { Table } from '../table/table';
import { classesOf, type Target } from '../target/target';
import { type MlpModel, withLastLayer } from './mlp-model';
import { trainMlp } from './train-mlp';

/** Parameters of the network. */
export interface MlpParameters {
  /** Units of the one or two hidden layers, 1 to 1024 each. Default [32]. */
  readonly hidden: readonly number[];
  /** L2 penalty: l2 / 2 times the squared weights is added to the mean loss. Default 1e-4. */
  readonly l2: number;
  /** Adam's step. Default 0.001. */
  readonly learningRate: number;
  /** Rows a step. Default 64. */
  readonly batchSize: number;
  /** Most passes over the rows. Default 200. */
  readonly maxEpochs: number;
  /** Ends after so many epochs without a better validation loss and keeps the best; 0: never. Default 10. */
  readonly earlyStoppingRounds: number;
  /** Share of rows held out for early stopping where no validation set is given. Default 0.1. */
  readonly validationFraction: number;
  /** 'balanced' weighs classes by rows / (classes x rows of the class). Default 'none'. */
  readonly classWeight: 'none' | 'balanced';
  /** Default: numbers imputed by the mean and standardised, categories one-hot. */
  readonly encoding: EncodingSpec;
}

const defaults: MlpParameters = {
  hidden: [32],
  l2: 1e-4,
  learningRate: 0.001,
  batchSize: 64,
  maxEpochs: 200,
  earlyStoppingRounds: 10,
  validationFraction: 0.1,
  classWeight: 'none',
  encoding: {},
};

const units = integer({ min: 1, max: 1024 });
const rules: Readonly<Record<keyof MlpParameters, Rule>> = {
  hidden: (value) =>
    Array.isArray(value) && [1, 2].includes(value.length) && value.every((size) => units(size) === null)
      ? null
      : 'one or two whole numbers from 1 to 1024',
  l2: number({ min: 0 }),
  learningRate: number({ above: 0, max: 1 }),
  batchSize: integer({ min: 1 }),
  maxEpochs: integer({ min: 1 }),
  earlyStoppingRounds: integer({ min: 0 }),
  validationFraction: number({ above: 0, max: 0.9 }),
  classWeight: oneOf('none', 'balanced'),
  encoding: anything,
};

/**
 * A small neural network: one or two hidden layers of max(0, x), trained by minibatches with Adam, in doubles. The same
 * data, parameters and seed give the same bytes. Losses: log loss, squared error.
 */
export function mlp(params: Partial<MlpParameters> = {}): Learner<MlpParameters> {
  const checked = checkParameters('mlp', defaults, rules, params);
  const tasks = ['binary', 'multiclass', 'regression'] as const;
  const learner = { name: 'mlp', params: checked, tasks };
  return {
    ...learner,
    fit(table, target, options = {}) {
      checkFit(learner, table, target, options);
      const { earlyStoppingRounds, validationFraction } = checked;
      if (earlyStoppingRounds === 0 || options.validation) return fitMlp(table, target, options, checked);
      const { train, test } = holdOut(table, target, options.weights, validationFraction, options.seed ?? 0);
      return fitMlp(
        train.table,
        train.target,
        { ...options, weights: train.weights, validation: test },
        checked,
      );
    },
  };
}

function fitMlp(table: Table, target: Target, options: FitOptions, params: MlpParameters): FittedPipeline {
  const data = denseData(table, params.encoding, { ...options, target });
  const weights = withMeanOne(withClassWeights(target, options.weights, params.classWeight));
  const scale = target.kind === 'regression' ? scaleOf(target.values, weights) : { center: 0, unit: 1 };
  const pipelineOf = (model: MlpModel): FittedPipeline => ({
    task: target.kind,
    inputs: data.encoding.inputs,
    encoders: data.encoding.encoders,
    predictor: { kind: 'mlp', model: rescaled(model, scale) },
    classes: classesOf(target),
  });
  const { validation } = options;
  if (validation) checkValidation(data.encoding, validation.table);
  const model = trainMlp({
    ...params,
    rows: data.rows,
    features: data.features,
    values: data.values,
    y: target.values.map((value) => (value - scale.center) / scale.unit),
    weights,
    outputs: target.kind === 'multiclass' ? target.classes.length : 1,
    link: target.kind === 'multiclass' ? 'softmax' : target.kind === 'binary' ? 'logistic' : 'identity',
    validationLoss: validation && ((current) => lossOn(validation, pipelineOf(current))),
    seed: options.seed ?? 0,
    onProgress: options.onProgress,
    shouldStop: options.shouldStop,
  });
  return pipelineOf(model);
}

/** Rows held out must be as finite as those learned from, or their loss would say nothing. */
function checkValidation(encoding: FittedEncoding, table: Table): void {
  checkInputs(encoding.inputs, table);
  checkFiniteRows(encoding, table, encodeRows(encoding.encoders, table));
}

function lossOn(
  { table, target, weights }: NonNullable<FitOptions['validation']>,
  fitted: FittedPipeline,
): number {
  return predictionLoss(target, predict(fitted, table), predictionWidth(fitted), weights);
}

function withMeanOne(weights: Float64Array | undefined): Float64Array | undefined {
  if (!weights) return undefined;
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

/** Mean and deviation of the outcomes, so that the network learns numbers of about 1. */
function scaleOf(y: Float64Array, weights: Float64Array | undefined): { center: number; unit: number } {
  const mean = (of: (value: number) => number): number =>
    y.reduce((sum, value, i) => sum + (weights ? weights[i]! : 1) * of(value), 0) / y.length;
  const center = mean((value) => value);
  const unit = Math.sqrt(mean((value) => (value - center) ** 2));
  return { center, unit: unit > Math.abs(center) * 1e-14 ? unit : 1 };
}

/** The model of the outcomes themselves: their scale becomes a part of the last layer. */
function rescaled(model: MlpModel, { center, unit }: { center: number; unit: number }): MlpModel {
  if (center === 0 && unit === 1) return model;
  return withLastLayer(model, unit, center);
}
