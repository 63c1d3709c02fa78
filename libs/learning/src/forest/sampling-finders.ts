import type { BinMapper } from '../binning/bin-mapper';
import type { FindsSplits, GrowthParameters, NodeSums, Split } from '../boosting/growth-parameters';
import { HISTOGRAM_BYTES } from '../boosting/kernel/kernel';
import type { TrainingMemory } from '../boosting/training-memory';
import { Random } from '../random/random';

/** Draws features anew for each node, as random forests do (Breiman 2001), and looks for the best split among them. */
export class SampledFinder implements FindsSplits {
  random = new Random(0);

  constructor(
    private readonly inner: FindsSplits,
    private readonly featuresPerSplit: number,
  ) {}

  find(histograms: number, sums: NodeSums, features: Int32Array): Split | null {
    const drawn = this.random.sample(this.featuresPerSplit, features.length).map((i) => features[i]!);
    return this.inner.find(histograms, sums, drawn);
  }
}

interface Candidate {
  readonly split: Split;
  readonly score: number;
}

/**
 * Extremely randomised trees (Geurts, Ernst, Wehenkel 2006): one random cut for each drawn feature, then the best of
 * them. Numeric: a random bin between the node's lowest and highest; categorical: each category left by a coin.
 * Missing values go left by a coin.
 */
export class RandomCutFinder implements FindsSplits {
  random = new Random(0);

  constructor(
    private readonly memory: TrainingMemory,
    private readonly mappers: readonly BinMapper[],
    private readonly params: GrowthParameters,
    private readonly featuresPerSplit: number,
  ) {}

  find(histograms: number, sums: NodeSums, features: Int32Array): Split | null {
    const drawn = this.random.sample(this.featuresPerSplit, features.length).map((i) => features[i]!);
    const own = (sums.sumG * sums.sumG) / sums.sumH;
    let best: Candidate | null = null;
    for (const feature of drawn) {
      const start = (histograms + feature * HISTOGRAM_BYTES - this.memory.histograms) / 8;
      const hist = this.memory.histogramView.subarray(start, start + HISTOGRAM_BYTES / 8);
      const candidate = this.cut(hist, feature, sums);
      if (candidate && (!best || candidate.score > best.score)) best = candidate;
    }
    const least = Math.max(this.params.minGain, own * 1e-12);
    return best && best.score - own > least ? { ...best.split, gain: best.score - own } : null;
  }

  private cut(hist: Float64Array, feature: number, sums: NodeSums): Candidate | null {
    const mapper = this.mappers[feature]!;
    const present = binsWithRows(hist, mapper, sums.sumH * 1e-9);
    const categorical = mapper.kind === 'categorical';
    const named = categorical && mapper.pooled ? mapper.values - 1 : mapper.values;
    const values = present.filter((bin) => bin < named);
    const left = categorical
      ? values.filter(() => this.random.next() < 0.5)
      : values.filter(this.below(values[0] ?? 0, values.at(-1) ?? 0));
    const missingLeft = this.random.next() < 0.5;
    if (missingLeft && present.includes(mapper.missing)) left.push(mapper.missing);
    let leftG = 0;
    let leftH = 0;
    for (const bin of left) {
      leftG += hist[bin * 2]!;
      leftH += hist[bin * 2 + 1]!;
    }
    const rightH = sums.sumH - leftH;
    const minH = Math.max(this.params.minChildSamples * (1 - 1e-9), 1e-12);
    if (leftH < minH || rightH < minH) return null;
    const score = (leftG * leftG) / leftH + (sums.sumG - leftG) ** 2 / rightH;
    const codes = left.filter((bin) => bin !== mapper.missing);
    const bin = categorical ? -1 : Math.max(...codes, -1);
    if (!categorical && bin < 0) return null;
    const split = {
      gain: 0,
      feature,
      bin,
      categories: categorical ? codes : null,
      missingLeft,
      leftG,
      leftH,
    };
    return { split, score };
  }

  private below(lowest: number, highest: number): (bin: number) => boolean {
    const cut = lowest + this.random.below(Math.max(1, highest - lowest));
    return (bin) => bin <= cut;
  }
}

function binsWithRows(hist: Float64Array, mapper: BinMapper, least: number): number[] {
  const bins: number[] = [];
  for (let bin = 0; bin <= mapper.values; bin++) if (hist[bin * 2 + 1]! > least) bins.push(bin);
  return bins;
}
