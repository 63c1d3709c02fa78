import type { ByteReader } from '../serialisation/byte-reader';
import type { ByteWriter } from '../serialisation/byte-writer';

/** The smallest and the largest number of a block; Infinity and -Infinity for an empty one. */
export interface Extremes {
  readonly low: number;
  readonly high: number;
}

/**
 * Count, extremes, mean and sum of squared deviations of finite numbers, mergeable (Welford 1962; Chan, Golub and
 * LeVeque 1979). For display: rounding makes the mean depend on the order in the last bits. Memory: five numbers.
 */
export class Moments {
  count = 0;
  min = Infinity;
  max = -Infinity;
  mean = 0;
  /** Sum of squared deviations from the mean. */
  squares = 0;

  /**
   * Adds the first `length` numbers of a block, all finite, in two passes over it: exact to rounding, and no division per
   * value. Returns the block's own extremes.
   */
  addBlock(block: Float64Array, length: number): Extremes {
    const sums = sumBlock(block, length);
    return this.#take(block, length, sums.sum, sums);
  }

  /** {@link addBlock} if all numbers of the block are finite; otherwise nothing is added, and the answer is null. */
  addIfFinite(block: Float64Array, length: number): Extremes | null {
    const sums = sumBlock(block, length);
    return Number.isFinite(sums.sum) ? this.#take(block, length, sums.sum, sums) : null;
  }

  merge(other: Moments): void {
    if (other.count === 0) return;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.#combine(other.count, other.mean, other.squares);
  }

  /** Sample variance (n - 1); null with fewer than two numbers. Infinity where squares exceed the largest double. */
  get variance(): number | null {
    return this.count < 2 ? null : this.squares / (this.count - 1);
  }

  write(writer: ByteWriter): void {
    writer.integer(this.count).double(this.min).double(this.max).double(this.mean).double(this.squares);
  }

  static read(reader: ByteReader): Moments {
    const moments = new Moments();
    moments.count = reader.integer();
    moments.min = reader.double();
    moments.max = reader.double();
    moments.mean = reader.double();
    moments.squares = reader.double();
    return moments;
  }

  #take(block: Float64Array, length: number, sum: number, extremes: Extremes): Extremes {
    if (length === 0) return extremes;
    const mean = block[0]! + sum / length;
    this.min = Math.min(this.min, extremes.low);
    this.max = Math.max(this.max, extremes.high);
    this.#combine(length, mean, squaresAround(mean, block, length));
    return extremes;
  }

  #combine(count: number, mean: number, squares: number): void {
    const total = this.count + count;
    const delta = mean - this.mean;
    this.mean += (delta * count) / total;
    this.squares += squares + (delta * delta * this.count * count) / total;
    this.count = total;
  }
}

/** Extremes, and the sum of the differences from the first number: NaN or infinite where a number is. */
function sumBlock(block: Float64Array, length: number): Extremes & { readonly sum: number } {
  const shift = length === 0 ? 0 : block[0]!;
  // Two sums, so that one addition does not wait for the other.
  let even = 0;
  let odd = 0;
  let low = length === 0 ? Infinity : shift;
  let high = length === 0 ? -Infinity : shift;
  const pairs = length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    const a = block[i]!;
    const b = block[i + 1]!;
    even += a - shift;
    odd += b - shift;
    if (a < low) low = a;
    else if (a > high) high = a;
    if (b < low) low = b;
    else if (b > high) high = b;
  }
  if (pairs < length) {
    even += block[pairs]! - shift;
    low = Math.min(low, block[pairs]!);
    high = Math.max(high, block[pairs]!);
  }
  return { low, high, sum: even + odd };
}

function squaresAround(mean: number, block: Float64Array, length: number): number {
  let even = 0;
  let odd = 0;
  const pairs = length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    const a = block[i]! - mean;
    const b = block[i + 1]! - mean;
    even += a * a;
    odd += b * b;
  }
  const last = pairs < length ? block[pairs]! - mean : 0;
  return even + odd + last * last;
}
