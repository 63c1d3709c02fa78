import { checkInteger, checkLevel } from '../arguments/check-arguments';
import { RandomStream } from '../random/random-stream';
import { DEFAULT_CONFIDENCE, type Estimate } from './estimate';

/** How often, with which seed and at which confidence a bootstrap resamples. */
export interface BootstrapOptions {
  readonly confidence?: number;
  /** Default 1,000. */
  readonly repetitions?: number;
  /** The same seed gives the same interval. Default 1. */
  readonly seed?: number;
}

/**
 * Percentile bootstrap interval (Efron 1979) for any figure of rows that has no interval of its own: draws as many rows
 * with replacement, `repetitions` times, and takes the quantiles of the figure. Draws where it is not defined (null) are
 * left out. Null where the figure itself is not defined.
 *
 * @param rows how many rows there are.
 * @param figure of the rows with these numbers (a list of `rows` entries that is reused; do not keep it).
 */
export function bootstrapInterval(
  rows: number,
  figure: (chosen: Uint32Array) => number | null,
  options: BootstrapOptions = {},
): Estimate | null {
  const { confidence = DEFAULT_CONFIDENCE, repetitions = 1000, seed = 1 } = options;
  checkInteger('rows', rows, 1);
  checkLevel('confidence', confidence);
  checkInteger('repetitions', repetitions, 10);
  const chosen = Uint32Array.from({ length: rows }, (_, i) => i);
  const value = figure(chosen);
  if (value === null) return null;
  const random = new RandomStream(seed);
  const draws = new Float64Array(repetitions);
  let count = 0;
  for (let r = 0; r < repetitions; r++) {
    for (let i = 0; i < rows; i++) chosen[i] = random.below(rows);
    const drawn = figure(chosen);
    if (drawn !== null) draws[count++] = drawn;
  }
  const sorted = draws.subarray(0, count).sort();
  const at = (p: number) => sorted[Math.min(count - 1, Math.max(0, Math.round(p * (count - 1))))] ?? value;
  const tail = (1 - confidence) / 2;
  return { value, lower: Math.min(value, at(tail)), upper: Math.max(value, at(1 - tail)) };
}
