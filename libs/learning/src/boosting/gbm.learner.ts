import { errors, sha256 } from '@steward/kernel';
import { type BinnedData, binWith } from '../binning/binned-data';
import { checkFit } from '../learner/check-fit';
import { withClassWeights } from '../learner/class-weights';
import type { FitOptions, Learner } from '../learner/learner';
import { badParameter, checkParameters } from '../parameters/parameters';
import { binTable } from '../pipeline/bin-table';
import { checkInputs, featureColumns } from '../pipeline/encode';
import { treeEncoding } from '../pipeline/encoding-spec';
import { fitEncoders, type FittedEncoding } from '../pipeline/fit-encoders';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { holdOut } from '../selection/hold-out';
import type { Table } from '../table/table';
import { classesOf, type Target } from '../target/target';
import { buildEnsemble } from '../trees/build-ensemble';
import { boostingDefaults, type BoostingParameters, boostingRules } from './boosting-parameters';
import type { GrowthParameters } from './growth-parameters';
import { createObjective } from './objectives/create-objective';
import { trainTrees } from './train-trees';

const NAME = 'gbm';

/** Gradient-boosted trees over histograms. See BoostingParameters. */
export function gbm(params: Partial<BoostingParameters> = {}): Learner<BoostingParameters> {
  const checked = checkParameters(NAME, boostingDefaults, boostingRules, params);
  const learner = {
    name: NAME,
    params: checked,
    tasks: ['binary', 'multiclass', 'regression', 'ranking'] as const,
  };
  return {
    ...learner,
    fit(table, target, options = {}) {
      checkFit(learner, table, target, options);
      const data = withHeldOut(table, target, options, checked);
      return fitTrees(data.table, data.target, data.options, checked);
    },
  };
}

/** Early stopping needs rows that are not learned from: where none are given, a part of the training rows. */
function withHeldOut(table: Table, target: Target, options: FitOptions, params: BoostingParameters) {
  if (params.earlyStoppingRounds === 0 || options.validation) return { table, target, options };
  const split = holdOut(table, target, options.weights, params.validationFraction, options.seed ?? 0);
  return {
    table: split.train.table,
    target: split.train.target,
    // These are not the rows whose bins may stand already.
    options: { ...options, weights: split.train.weights, validation: split.test, bins: undefined },
  };
}

function fitTrees(
  table: Table,
  target: Target,
  options: FitOptions,
  params: BoostingParameters,
): FittedPipeline {
  const encoding = fitEncoders(table, params.encoding, treeEncoding, { ...options, target });
  const weights = withClassWeights(target, options.weights, params.classWeight);
  const objective = createObjective(target, weights, params);
  const data = binTable(table, encoding, params.maxBins, options.bins);
  const { validation } = options;
  if (validation) checkInputs(encoding.inputs, validation.table);
  const trained = trainTrees(data, {
    ...params,
    objective,
    target,
    weights,
    growth: growthOf(params, encoding),
    seed: options.seed ?? 0,
    onProgress: options.onProgress,
    shouldStop: options.shouldStop,
    checkpointEvery: options.checkpointEvery,
    onCheckpoint: options.onCheckpoint,
    resume: options.resume,
    run: runOf(params, data, target, options),
    validation: validation && {
      ...validation,
      data: binWith(featureColumns(encoding.encoders, validation.table), data.mappers),
    },
  });
  const { outputs, link } = objective;
  const ensemble = buildEnsemble(trained.trees, data.mappers, { outputs, link, base: trained.base });
  return {
    task: target.kind,
    inputs: encoding.inputs,
    encoders: encoding.encoders,
    predictor: { kind: 'trees', ensemble },
    classes: classesOf(target),
  };
}

/** What must be the same for a checkpoint to be of this run: all that is learned from, but the number of rounds. */
function runOf(
  params: BoostingParameters,
  data: BinnedData,
  target: Target,
  options: FitOptions,
): string | undefined {
  if (!options.resume && !options.checkpointEvery) return undefined;
  const { trees: _, ...rest } = params;
  // Copied, since what stands in shared memory can not be hashed in place.
  const values = new Uint8Array(Float64Array.from(target.values).buffer);
  const weights = new Uint8Array(Float64Array.from(options.weights ?? []).buffer);
  const parts = [data.bins, values, weights].map((bytes) => sha256(bytes));
  return sha256(JSON.stringify([rest, data.rows, data.mappers.length, options.seed ?? 0, ...parts]));
}

/** Growth parameters, with monotone constraints by feature instead of by input. */
function growthOf(params: BoostingParameters, encoding: FittedEncoding): GrowthParameters {
  const wanted = Object.entries(params.monotone);
  if (wanted.length === 0) return { ...params, monotone: null };
  const features = encoding.encoders.flatMap((encoder) =>
    Array.from({ length: encoder.width }, () => encoder),
  );
  const monotone = new Int8Array(features.length);
  for (const [name, sign] of wanted) {
    const at = features.findIndex((encoder) => encoder.input === name);
    if (at < 0)
      throw errors.invalid('LEARNING.COLUMN_MISSING', `The monotone column "${name}" is not an input.`);
    if (features[at]!.kind !== 'number') {
      throw badParameter(NAME, 'monotone', `names "${name}", which is categorical and has no order`);
    }
    monotone[at] = sign;
  }
  return { ...params, monotone };
}
