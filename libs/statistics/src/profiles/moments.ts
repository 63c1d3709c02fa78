import type { ByteReader } from '../serialisation/byte-reader';
import type { ByteWriter } from '../serialisation/byte-writer';

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
   * Adds the first `length` numbers of a block, in two passes over it: exact to rounding, and no division per value.
   * Returns the block's own extremes.
   */
  addBlock(block: Float64Array, length: number): { readonly low: number; readonly high: number } {
    if (length === 0) return { low: Infinity, high: -Infinity };
    const shift = block[0]!;
    // Two sums each, so that one addition does not wait for the other.
    let even = 0;
    let odd = 0;
    let low = shift;
    let high = shift;
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
    const mean = shift + (even + odd) / length;
    this.min = Math.min(this.min, low);
    this.max = Math.max(this.max, high);
    this.#combine(length, mean, squaresAround(mean, block, length));
    return { low, high };
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

  #combine(count: number, mean: number, squares: number): void {
    const total = this.count + count;
    const delta = mean - this.mean;
    this.mean += (delta * count) / total;
    this.squares += squares + (delta * delta * this.count * count) / total;
    this.count = total;
  }
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
