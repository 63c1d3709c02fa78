import { binFeatures } from '../binning/binned-data';
import { checkFit } from '../learner/check-fit';
import { withClassWeights } from '../learner/class-weights';
import type { FitOptions, Learner } from '../learner/learner';
import { checkParameters } from '../parameters/parameters';
import { featureColumns } from '../pipeline/encode';
import { treeEncoding } from '../pipeline/encoding-spec';
import { fitEncoders } from '../pipeline/fit-encoders';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import type { Table } from '../table/table';
import { classesOf, type Target } from '../target/target';
import { buildEnsemble } from '../trees/build-ensemble';
import { forestDefaults, type ForestParameters, forestRules } from './forest-parameters';
import { trainForest } from './train-forest';

/** Random forest for binary and regression targets: the mean of trees on bootstraps. See ForestParameters. */
export function randomForest(params: Partial<ForestParameters> = {}): Learner<ForestParameters> {
  return forest(
    'random-forest',
    'best',
    checkParameters('random-forest', forestDefaults, forestRules, params),
  );
}

/** Extremely randomised trees for binary and regression targets. `bootstrap` is off by default. */
export function extraTrees(params: Partial<ForestParameters> = {}): Learner<ForestParameters> {
  const defaults = { ...forestDefaults, bootstrap: false };
  return forest('extra-trees', 'random', checkParameters('extra-trees', defaults, forestRules, params));
}

function forest(name: string, cuts: 'best' | 'random', params: ForestParameters): Learner<ForestParameters> {
  const learner = { name, params, tasks: ['binary', 'regression'] as const };
  return {
    ...learner,
    fit(table, target, options = {}) {
      checkFit(learner, table, target, options);
      return fitForest(table, target, options, params, cuts);
    },
  };
}

function fitForest(
  table: Table,
  target: Target,
  options: FitOptions,
  params: ForestParameters,
  cuts: 'best' | 'random',
): FittedPipeline {
  const encoding = fitEncoders(table, params.encoding, treeEncoding, { ...options, target });
  const data = binFeatures(featureColumns(encoding.encoders, table, encoding.trained), params.maxBins);
  const binary = target.kind === 'binary';
  const trees = trainForest(data, {
    params,
    cuts,
    values: target.values,
    weights: withClassWeights(target, options.weights, params.classWeight),
    featuresPerSplit: featuresPerSplit(data.mappers.length, params.columnSample, binary),
    seed: options.seed ?? 0,
    firstTree: options.firstTree,
    onProgress: options.onProgress,
    shouldStop: options.shouldStop,
  });
  const single = buildEnsemble(
    trees.map((nodes) => ({ nodes, output: 0 })),
    data.mappers,
    { outputs: 1, link: 'identity', base: new Float64Array(1) },
  );
  const ensemble = {
    ...single,
    aggregate: 'mean' as const,
    ...(binary ? bothClasses(single.leafValues) : {}),
  };
  ensemble.treeOutput.fill(binary ? -1 : 0);
  return {
    task: target.kind,
    inputs: encoding.inputs,
    encoders: encoding.encoders,
    predictor: { kind: 'trees', ensemble },
    classes: classesOf(target),
  };
}

/** Leaves of a binary forest hold the probabilities of both classes. */
function bothClasses(positive: Float64Array): {
  outputs: number;
  base: Float64Array;
  leafValues: Float64Array;
} {
  const leafValues = new Float64Array(positive.length * 2);
  positive.forEach((p, i) => leafValues.set([1 - p, p], i * 2));
  return { outputs: 2, base: new Float64Array(2), leafValues };
}

function featuresPerSplit(features: number, share: number, binary: boolean): number {
  const wanted = share > 0 ? features * share : binary ? Math.sqrt(features) : features / 3;
  return Math.max(1, Math.min(features, Math.round(wanted)));
}
