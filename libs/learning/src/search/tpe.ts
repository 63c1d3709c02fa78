import type { Random } from '../random/random';
import {
  coordinateOf,
  type Dimension,
  drawPoint,
  intervalOf,
  type Point,
  type SearchSpace,
  valueAt,
} from './search-space';

/** A point that was tried, and its loss (lower is better). */
export interface Observation {
  readonly point: Point;
  readonly loss: number;
}

const STARTUP = 10;
const CANDIDATES = 24;

/**
 * The next point by the tree-structured Parzen estimator (Bergstra et al. 2011): of candidates drawn from the density
 * of the better tenth of the points, the one with the highest ratio of that density to the density of the rest, each
 * dimension by itself. The first ten points are drawn evenly. Depends on observations and random numbers only.
 */
export function suggestTpe(space: SearchSpace, seen: readonly Observation[], random: Random): Point {
  if (seen.length < STARTUP) return drawPoint(space, random);
  const sorted = [...seen].sort((a, b) => a.loss - b.loss);
  const good = Math.min(25, Math.ceil(0.1 * sorted.length));
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const at = ({ point }: Observation): number => coordinateOf(dimension, point[name]);
      const better = sorted.slice(0, good).map(at);
      const worse = sorted.slice(good).map(at);
      const suggest = dimension.kind === 'choice' ? suggestChoice : suggestNumber;
      return [name, suggest(dimension, better, worse, random)];
    }),
  );
}

function suggestChoice(
  dimension: Dimension,
  better: readonly number[],
  worse: readonly number[],
  random: Random,
): unknown {
  const size = intervalOf(dimension).high;
  const densityOf = (seen: readonly number[]): Float64Array => {
    const weights = new Float64Array(size).fill(1 / size);
    for (const index of seen) if (index >= 0) weights[index]! += 1;
    return weights.map((weight) => weight / (seen.length + 1));
  };
  const [l, g] = [densityOf(better), densityOf(worse)];
  let best = { index: 0, ratio: -Infinity };
  for (let i = 0; i < CANDIDATES; i++) {
    let rest = random.next();
    let index = 0;
    while (index < size - 1 && rest >= l[index]!) rest -= l[index++]!;
    const ratio = l[index]! / g[index]!;
    if (ratio > best.ratio) best = { index, ratio };
  }
  return valueAt(dimension, best.index);
}

function suggestNumber(
  dimension: Dimension,
  better: readonly number[],
  worse: readonly number[],
  random: Random,
): unknown {
  const { low, high } = intervalOf(dimension);
  if (!(low < high)) return valueAt(dimension, low);
  const l = new Parzen(better, low, high);
  const g = new Parzen(worse, low, high);
  let best = { at: low, ratio: -Infinity };
  for (let i = 0; i < CANDIDATES; i++) {
    const at = l.draw(random);
    const ratio = l.logDensity(at) - g.logDensity(at);
    if (ratio > best.ratio) best = { at, ratio };
  }
  return valueAt(dimension, best.at);
}

/** A mixture of truncated normals at the points, as wide as the gaps beside them, and one wide prior. */
class Parzen {
  private readonly centres: readonly number[];
  private readonly widths: readonly number[];
  /** 1 over width times the share of each normal that lies inside. */
  private readonly heights: readonly number[];

  constructor(
    points: readonly number[],
    private readonly low: number,
    private readonly high: number,
  ) {
    const range = high - low;
    const prior = (low + high) / 2;
    const sorted = [...points, prior].sort((a, b) => a - b);
    const least = range / Math.min(100, 1 + sorted.length);
    this.centres = sorted;
    this.widths = sorted.map((centre, i) => {
      if (centre === prior) return range;
      const gap = Math.max(centre - (sorted[i - 1] ?? low), (sorted[i + 1] ?? high) - centre);
      return Math.min(range, Math.max(least, gap));
    });
    this.heights = this.centres.map((centre, i) => {
      const width = this.widths[i]!;
      const inside = normalCdf((high - centre) / width) - normalCdf((low - centre) / width);
      return 1 / (width * Math.max(inside, 1e-12));
    });
  }

  draw(random: Random): number {
    const i = random.below(this.centres.length);
    for (let tries = 0; tries < 100; tries++) {
      const at = this.centres[i]! + random.normal() * this.widths[i]!;
      if (at >= this.low && at <= this.high) return at;
    }
    return this.low + random.next() * (this.high - this.low);
  }

  logDensity(at: number): number {
    let sum = 0;
    for (let i = 0; i < this.centres.length; i++) {
      const z = (at - this.centres[i]!) / this.widths[i]!;
      sum += Math.exp(-0.5 * z * z) * this.heights[i]!;
    }
    return Math.log(Math.max(sum / this.centres.length, 1e-300));
  }
}

/** The standard normal distribution function, to 7.5e-8 (Abramowitz and Stegun 26.2.17). */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - tail : tail;
}
