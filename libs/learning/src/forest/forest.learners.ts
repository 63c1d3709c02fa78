import { checkFit } from '../learner/check-fit';
import { withClassWeights } from '../learner/class-weights';
import type { FitOptions, Learner } from '../learner/learner';
import { checkParameters } from '../parameters/parameters';
import { binTable } from '../pipeline/bin-table';
import { treeEncoding } from '../pipeline/encoding-spec';
import { fitEncoders } from '../pipeline/fit-encoders';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import type { Table } from '../table/table';
import { classesOf, type Target } from '../target/target';
import { buildEnsemble } from '../trees/build-ensemble';
import type { TreeEnsemble } from '../trees/tree-ensemble';
import { forestDefaults, type ForestParameters, forestRules } from './forest-parameters';
import { type ForestTree, trainForest } from './train-forest';

/** Random forest for classes and regression: the mean of trees on bootstraps (Breiman 2001). See ForestParameters. */
export function randomForest(params: Partial<ForestParameters> = {}): Learner<ForestParameters> {
  return forest(
    'random-forest',
    'best',
    checkParameters('random-forest', forestDefaults, forestRules, params),
  );
}

/** Extremely randomised trees (Geurts, Ernst, Wehenkel 2006), as randomForest; `bootstrap` is off by default. */
export function extraTrees(params: Partial<ForestParameters> = {}): Learner<ForestParameters> {
  const defaults = { ...forestDefaults, bootstrap: false };
  return forest('extra-trees', 'random', checkParameters('extra-trees', defaults, forestRules, params));
}

function forest(name: string, cuts: 'best' | 'random', params: ForestParameters): Learner<ForestParameters> {
  const learner = { name, params, tasks: ['binary', 'multiclass', 'regression'] as const };
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
  const data = binTable(table, encoding, params.maxBins, options.bins);
  const classes = classesOf(target);
  const trees = trainForest(data, {
    params,
    cuts,
    values: target.values,
    classes: target.kind === 'multiclass' ? classes.length : 0,
    weights: withClassWeights(target, options.weights, params.classWeight),
    featuresPerSplit: featuresPerSplit(data.mappers.length, params.columnSample, classes.length > 0),
    seed: options.seed ?? 0,
    firstTree: options.firstTree,
    onProgress: options.onProgress,
    shouldStop: options.shouldStop,
  });
  const single = buildEnsemble(
    trees.map(({ nodes }) => ({ nodes, output: 0 })),
    data.mappers,
    { outputs: 1, link: 'identity', base: new Float64Array(1) },
  );
  const ensemble = {
    ...single,
    aggregate: 'mean' as const,
    ...classLeaves(target, single.leafValues, trees),
  };
  ensemble.treeOutput.fill(classes.length > 0 ? -1 : 0);
  return {
    task: target.kind,
    inputs: encoding.inputs,
    encoders: encoding.encoders,
    predictor: { kind: 'trees', ensemble },
    classes,
  };
}

/** Leaves of a classifier hold the probabilities of all classes; those of a regression stay as they are. */
function classLeaves(
  target: Target,
  positive: Float64Array,
  trees: readonly ForestTree[],
): Partial<Pick<TreeEnsemble, 'outputs' | 'base' | 'leafValues'>> {
  const outputs = classesOf(target).length;
  if (outputs === 0) return {};
  const leafValues = new Float64Array(positive.length * outputs);
  if (target.kind === 'binary') positive.forEach((p, i) => leafValues.set([1 - p, p], i * 2));
  let at = 0;
  for (const { shares } of trees) {
    leafValues.set(shares, at);
    at += shares.length;
  }
  return { outputs, base: new Float64Array(outputs), leafValues };
}

function featuresPerSplit(features: number, share: number, classifier: boolean): number {
  const wanted = share > 0 ? features * share : classifier ? Math.sqrt(features) : features / 3;
  return Math.max(1, Math.min(features, Math.round(wanted)));
}
