/** What decides how one tree grows. Monotone: -1, 0 or 1 for each feature, or null for no constraint at all. */
export interface GrowthParameters {
  /** 'smallest' splits the node with the fewest rows next: any order gives the same tree where leaves are unlimited. */
  readonly growth: 'leaf' | 'depth' | 'smallest';
  readonly maxLeaves: number;
  /** 0: no limit. */
  readonly maxDepth: number;
  readonly minChildSamples: number;
  readonly minChildWeight: number;
  readonly l1: number;
  readonly l2: number;
  readonly minGain: number;
  readonly categorySmoothing: number;
  readonly categoryL2: number;
  readonly maxCategoriesLeft: number;
  readonly monotone: Int8Array | null;
}

/** A split that was found: what goes left, and the sums of the left child. */
export interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly categories: readonly number[] | null;
  readonly missingLeft: boolean;
  readonly leftG: number;
  readonly leftH: number;
}

/** Sums and limits of a node that may be split. */
export interface NodeSums {
  readonly sumG: number;
  readonly sumH: number;
  /** Rows (weighted) for each unit of hessian: counts of bins are estimated with it, as LightGBM does. */
  readonly rowsPerH: number;
  readonly lower: number;
  readonly upper: number;
}

/** Finds the split of a node from its histograms. */
export interface FindsSplits {
  /** The best split with a gain above the minimum, or null. `histograms` is the address of the node's slot. */
  find(histograms: number, sums: NodeSums, features: Int32Array): Split | null;
}

/** Histograms that stand at once: one for each open leaf, and few where the smallest node goes first. */
export function slotsOf(params: Pick<GrowthParameters, 'growth' | 'maxLeaves'>, rows: number): number {
  return params.growth === 'smallest' ? 40 : Math.max(1, Math.min(params.maxLeaves, rows));
}
