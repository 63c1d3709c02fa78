import type { BinMapper } from '../binning/bin-mapper';
import { bestCategorySplit } from './category-split';
import type { FindsSplits, GrowthParameters, NodeSums, Split } from './growth-parameters';
import { HISTOGRAM_BYTES } from './kernel/kernel';
import { clamp, scoreAt, shrink } from './kernel/reference-split';
import type { TrainingMemory } from './training-memory';

const LEAST_HESSIAN = 1e-12;
/** A leaf of exactly the least number of rows is allowed, however its hessians were rounded. */
const SLACK = 1 - 1e-9;

/** The value of a leaf with these sums, before the learning rate. */
export function leafValue(sums: NodeSums, params: GrowthParameters): number {
  const value = -shrink(sums.sumG, params.l1) / (sums.sumH + params.l2);
  return Number.isNaN(value) ? 0 : clamp(value, sums.lower, sums.upper);
}

/** Finds the best split of a node over the given features, from its histograms. */
export class SplitFinder implements FindsSplits {
  constructor(
    private readonly memory: TrainingMemory,
    private readonly mappers: readonly BinMapper[],
    private readonly params: GrowthParameters,
  ) {}

  find(histograms: number, sums: NodeSums, features: Int32Array): Split | null {
    const { params } = this;
    const minH = Math.max(
      params.minChildWeight,
      (params.minChildSamples / sums.rowsPerH) * SLACK,
      LEAST_HESSIAN,
    );
    const own = scoreAt(shrink(sums.sumG, params.l1), sums.sumH + params.l2, leafValue(sums, params));
    let best: Split | null = null;
    let bestScore = own + Math.max(params.minGain, Math.abs(own) * 1e-12);
    for (const feature of features) {
      const mapper = this.mappers[feature]!;
      const hist = histograms + feature * HISTOGRAM_BYTES;
      const split =
        mapper.kind === 'categorical'
          ? bestCategorySplit(this.view(hist), mapper, feature, sums, params, minH)
          : this.numeric(hist, mapper, feature, sums, minH, bestScore);
      if (split && split.gain > bestScore) {
        bestScore = split.gain;
        best = split;
      }
    }
    return best && { ...best, gain: bestScore - own };
  }

  private numeric(
    hist: number,
    mapper: BinMapper,
    feature: number,
    sums: NodeSums,
    minH: number,
    above: number,
  ): Split | null {
    const { monotone, l1, l2 } = this.params;
    const { sumG, sumH, lower, upper } = sums;
    const sign = monotone?.[feature] ?? 0;
    const { values, missing } = mapper;
    const bounded = monotone ? 1 : 0;
    const { kernel, out, outView } = this.memory;
    kernel.bestSplit(hist, values, missing, sumG, sumH, l1, l2, minH, bounded, sign, lower, upper, out);
    if (!(outView[0]! > above)) return null;
    const missingH = missing < 0 ? 0 : this.view(hist)[missing * 2 + 1]!;
    const leftH = outView[4]!;
    // Where no missing value was met, they follow the larger child.
    const missingLeft = missingH > sumH * 1e-9 ? outView[2] === 1 : leftH * 2 > sumH;
    return {
      gain: outView[0]!,
      feature,
      bin: outView[1]!,
      categories: null,
      missingLeft,
      leftG: outView[3]!,
      leftH,
    };
  }

  private view(hist: number): Float64Array {
    const start = (hist - this.memory.histograms) / 8;
    return this.memory.histogramView.subarray(start, start + HISTOGRAM_BYTES / 8);
  }
}
