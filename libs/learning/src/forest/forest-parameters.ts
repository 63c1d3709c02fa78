import { anything, flag, integer, number, oneOf, type Rule } from '../parameters/parameters';
import type { EncodingSpec } from '../pipeline/encoding-spec';

/** Parameters of random forests and extra trees. */
export interface ForestParameters {
  /** Default 100. */
  readonly trees: number;
  /** 0: no limit. Default 0. */
  readonly maxDepth: number;
  /** Most leaves of a tree. Default 65536. */
  readonly maxLeaves: number;
  /** Least rows (sum of weights) in a leaf. Default 5. */
  readonly minChildSamples: number;
  /** Share of features drawn for each node; 0: the square root of their number, or a third for regression. Default 0. */
  readonly columnSample: number;
  /** Each tree sees a bootstrap of the rows. Default true for random forests, false for extra trees. */
  readonly bootstrap: boolean;
  /** Bins of values for each numeric feature, 2 to 255. Default 255. */
  readonly maxBins: number;
  /** 'balanced' weighs classes by rows / (classes x rows of the class). Default 'none'. */
  readonly classWeight: 'none' | 'balanced';
  /** How columns become features. Default: numbers as they are, categories as native codes. */
  readonly encoding: EncodingSpec;
}

export const forestDefaults: ForestParameters = {
  trees: 100,
  maxDepth: 0,
  maxLeaves: 65_536,
  minChildSamples: 5,
  columnSample: 0,
  bootstrap: true,
  maxBins: 255,
  classWeight: 'none',
  encoding: {},
};

export const forestRules: Readonly<Record<keyof ForestParameters, Rule>> = {
  trees: integer({ min: 1, max: 100_000 }),
  maxDepth: integer({ min: 0, max: 1000 }),
  maxLeaves: integer({ min: 2, max: 1 << 24 }),
  minChildSamples: number({ min: 1 }),
  columnSample: number({ min: 0, max: 1 }),
  bootstrap: flag,
  maxBins: integer({ min: 2, max: 255 }),
  classWeight: oneOf('none', 'balanced'),
  encoding: anything,
};
