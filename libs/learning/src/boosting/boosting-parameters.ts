import { anything, integer, number, oneOf, type Rule } from '../parameters/parameters';
import type { EncodingSpec } from '../pipeline/encoding-spec';

/** The losses that boosting knows. */
export const boostingLosses = [
  'auto',
  'logistic',
  'softmax',
  'squared',
  'absolute',
  'huber',
  'quantile',
  'poisson',
  'lambdamart',
] as const;
/** One of the losses that boosting knows. */
export type BoostingLoss = (typeof boostingLosses)[number];

/** Parameters of gradient-boosted trees, named and meant as in LightGBM unless said. */
export interface BoostingParameters {
  /** Default 'auto': logistic, softmax, squared or lambdamart for a binary, multiclass, regression, ranking target. */
  readonly loss: BoostingLoss;
  /** Level of the quantile loss. Default 0.5. */
  readonly quantile: number;
  /** Where Huber's loss turns linear, in units of the target. Default 1. */
  readonly huberDelta: number;
  /** Places whose order lambdamart looks at. Default 30. */
  readonly ndcgAt: number;
  /** Rounds of boosting. Default 100. */
  readonly trees: number;
  /** Default 0.1. */
  readonly learningRate: number;
  /** 'leaf' splits the leaf with the largest gain next, 'depth' level by level. Default 'leaf'. */
  readonly growth: 'leaf' | 'depth';
  /** Default 31. */
  readonly maxLeaves: number;
  /** 0: no limit. Default 0. */
  readonly maxDepth: number;
  /** Least rows (sum of sample weights) in a leaf; estimated from hessians while searching. Default 20. */
  readonly minChildSamples: number;
  /** Least sum of hessians in a leaf. Default 1e-3. */
  readonly minChildWeight: number;
  /** Penalties on leaf values. Defaults 0. */
  readonly l1: number;
  readonly l2: number;
  /** Least reduction of twice the loss that a split must bring. Default 0. */
  readonly minGain: number;
  /** Share of rows drawn without replacement for each round. Default 1. */
  readonly rowSample: number;
  /** Share of features drawn for each tree. Default 1. */
  readonly columnSample: number;
  /** Bins of values for each numeric feature, 2 to 255. Default 255. */
  readonly maxBins: number;
  /** Rows added to a category before its gradient ratio is ranked. Default 10. */
  readonly categorySmoothing: number;
  /** Extra L2 in splits of features with more than four categories. Default 10. */
  readonly categoryL2: number;
  /** Most categories that one split sends left. Default 32. */
  readonly maxCategoriesLeft: number;
  /** 1 (rising) or -1 (falling) by input name; numeric, boolean and time inputs only. Default {}. */
  readonly monotone: Readonly<Record<string, 1 | -1>>;
  /** 'balanced' weighs classes by rows / (classes x rows of the class). Default 'none'. */
  readonly classWeight: 'none' | 'balanced';
  /** Ends after so many rounds without a better validation loss and keeps the best; 0: never. Default 0. */
  readonly earlyStoppingRounds: number;
  /** Share of rows held out for early stopping where no validation set is given. Default 0.1. */
  readonly validationFraction: number;
  /** How columns become features. Default: numbers as they are, categories as native codes. */
  readonly encoding: EncodingSpec;
}

export const boostingDefaults: BoostingParameters = {
  loss: 'auto',
  quantile: 0.5,
  huberDelta: 1,
  ndcgAt: 30,
  trees: 100,
  learningRate: 0.1,
  growth: 'leaf',
  maxLeaves: 31,
  maxDepth: 0,
  minChildSamples: 20,
  minChildWeight: 1e-3,
  l1: 0,
  l2: 0,
  minGain: 0,
  rowSample: 1,
  columnSample: 1,
  maxBins: 255,
  categorySmoothing: 10,
  categoryL2: 10,
  maxCategoriesLeft: 32,
  monotone: {},
  classWeight: 'none',
  earlyStoppingRounds: 0,
  validationFraction: 0.1,
  encoding: {},
};

export const boostingRules: Readonly<Record<keyof BoostingParameters, Rule>> = {
  loss: oneOf(...boostingLosses),
  quantile: number({ above: 0, max: 1 - 1e-9 }),
  huberDelta: number({ above: 0 }),
  ndcgAt: integer({ min: 1 }),
  trees: integer({ min: 1, max: 100_000 }),
  learningRate: number({ above: 0, max: 10 }),
  growth: oneOf('leaf', 'depth'),
  maxLeaves: integer({ min: 2, max: 65_536 }),
  maxDepth: integer({ min: 0, max: 1000 }),
  minChildSamples: number({ min: 0 }),
  minChildWeight: number({ min: 0 }),
  l1: number({ min: 0 }),
  l2: number({ min: 0 }),
  minGain: number({ min: 0 }),
  rowSample: number({ above: 0, max: 1 }),
  columnSample: number({ above: 0, max: 1 }),
  maxBins: integer({ min: 2, max: 255 }),
  categorySmoothing: number({ min: 0 }),
  categoryL2: number({ min: 0 }),
  maxCategoriesLeft: integer({ min: 1, max: 255 }),
  monotone: monotoneRule,
  classWeight: oneOf('none', 'balanced'),
  earlyStoppingRounds: integer({ min: 0 }),
  validationFraction: number({ above: 0, max: 0.9 }),
  encoding: anything,
};

function monotoneRule(value: unknown): string | null {
  const fine =
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((sign) => sign === 1 || sign === -1);
  return fine ? null : 'an object of input names with 1 or -1';
}
