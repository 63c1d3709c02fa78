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

  /** Adds the first `length` numbers of a block, in two passes over it: exact to rounding, and no division per value. */
  addBlock(block: Float64Array, length: number): void {
    if (length === 0) return;
    const shift = block[0]!;
    let sum = 0;
    let low = this.min;
    let high = this.max;
    for (let i = 0; i < length; i++) {
      const value = block[i]!;
      sum += value - shift;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const mean = shift + sum / length;
    let squares = 0;
    for (let i = 0; i < length; i++) {
      const deviation = block[i]! - mean;
      squares += deviation * deviation;
    }
    this.min = low;
    this.max = high;
    this.#combine(length, mean, squares);
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
