import { checkLevel, checkProbability, invalidArgument } from '../arguments/check-arguments';
import type { ByteReader } from '../serialisation/byte-reader';
import type { ByteWriter } from '../serialisation/byte-writer';
import { SCRATCH, SortedItems } from './sorted-items';

/** Items of the top level; each level below holds two thirds of the one above it, but at least {@link NARROWEST}. */
const WIDTH = 200;
const SHRINK = 2 / 3;
const NARROWEST = 8;
const MAX_LEVELS = 48;
const LARGEST_FLOAT = 3.4028234663852886e38;

/** A value of the sketch and how many rows it stands for. */
export interface WeightedItem {
  readonly value: number;
  readonly weight: number;
}

/**
 * Quantiles of a stream in bounded memory: a KLL sketch (Karnin, Lang and Liberty 2016). An item of level h stands for
 * 2^h rows; a full level keeps every other of its sorted items, beginning by chance with the first or the second, and
 * hands them to the level above. Items are 32-bit floats: values that differ by less than 6e-8 of their size are one.
 *
 * Memory: at most about 3 x 200 + 8 per level items, 700 for a million rows, and a block that is being taken in.
 *
 * Error: each such step moves the rank of any point by at most 2^h, up or down with equal chance. The sketch adds up the
 * squares of these steps, which gives a bound for its own case ({@link rankError}): about 2 % of the rows at 99 %, usually half of that.
 * For display, and for bounds that name their error; no verdict rests on it alone.
 */
export class QuantileSketch {
  #levels: SortedItems[] = [new SortedItems()];
  #count = 0;
  #stepSquares = 0;
  #random: number;

  /** @param seed of the coin; give sketches that will be merged different seeds, so that their errors cancel. */
  constructor(seed = 1) {
    if (!Number.isInteger(seed)) throw invalidArgument('seed', seed, 'an integer');
    this.#random = (Math.imul(seed, 0x9e3779b1) ^ 0x6a09e667) | 0 || 1;
  }

  get count(): number {
    return this.#count;
  }

  /** How many items are kept. */
  get size(): number {
    return this.#levels.reduce((sum, level) => sum + level.size, 0);
  }

  /** Adds the first `length` numbers of an ascending block without NaN. */
  addSorted(block: Float64Array, length: number): void {
    if (length === 0) return;
    for (let from = 0; from < length; from += SCRATCH.length) {
      const end = Math.min(length, from + SCRATCH.length);
      for (let i = from; i < end; i++)
        SCRATCH[i - from] = Math.min(LARGEST_FLOAT, Math.max(-LARGEST_FLOAT, block[i]!));
      this.#count += end - from;
      this.#levels[0]!.merge(SCRATCH, end - from);
      this.#compress();
    }
  }

  /** Adds numbers in any order. */
  add(values: ArrayLike<number>): void {
    const block = Float64Array.from(values).sort();
    if (block.length > 0 && Number.isNaN(block.at(-1))) throw invalidArgument('values', Number.NaN, 'no NaN');
    this.addSorted(block, block.length);
  }

  merge(other: QuantileSketch): void {
    while (this.#levels.length < other.#levels.length) this.#levels.push(new SortedItems());
    for (let h = 0; h < other.#levels.length; h++)
      this.#levels[h]!.merge(other.#levels[h]!.items, other.#levels[h]!.size);
    this.#count += other.#count;
    this.#stepSquares += other.#stepSquares;
    this.#random ^= Math.imul(other.#random, 0x85ebca6b) | 0;
    this.#random ||= 1;
    this.#compress();
  }

  /** Items ascending with their weights, which add up to {@link count}. */
  items(): WeightedItem[] {
    const items: WeightedItem[] = [];
    this.#levels.forEach((level, h) => {
      for (const value of level.kept()) items.push({ value, weight: 2 ** h });
    });
    return items.sort((a, b) => a.value - b.value);
  }

  /** The smallest kept value with at least `probability` of the rows at or below it; null for an empty sketch. */
  quantile(probability: number): number | null {
    checkProbability('probability', probability);
    const items = this.items();
    let below = 0;
    for (const { value, weight } of items) {
      below += weight;
      if (below >= probability * this.#count) return value;
    }
    return items.at(-1)?.value ?? null;
  }

  /** Estimated share of the rows at or below `value`; null for an empty sketch. */
  rank(value: number): number | null {
    if (this.#count === 0) return null;
    let below = 0;
    for (let h = 0; h < this.#levels.length; h++) {
      for (const item of this.#levels[h]!.kept()) if (item <= value) below += 2 ** h;
    }
    return below / this.#count;
  }

  /**
   * By how much {@link rank} may be off, as a share of the rows, at any one point: sqrt(2 S ln(2 / (1 - confidence))) / n
   * (Hoeffding), S the sum of the squared steps of this very sketch. 0 while nothing was compacted.
   */
  rankError(confidence = 0.99): number {
    checkLevel('confidence', confidence);
    if (this.#count === 0) return 0;
    return Math.min(1, Math.sqrt(2 * this.#stepSquares * Math.log(2 / (1 - confidence))) / this.#count);
  }

  write(writer: ByteWriter): void {
    writer
      .integer(this.#count)
      .double(this.#stepSquares)
      .integer(this.#random >>> 0)
      .integer(this.#levels.length);
    for (const level of this.#levels) {
      writer.integer(level.size);
      for (const item of level.kept()) writer.float(item);
    }
  }

  static read(reader: ByteReader): QuantileSketch {
    const sketch = new QuantileSketch();
    sketch.#count = reader.integer();
    sketch.#stepSquares = reader.double();
    sketch.#random = reader.integer() | 0;
    const height = reader.length(MAX_LEVELS);
    sketch.#levels = [];
    let weight = 0;
    for (let h = 0; h < height; h++) {
      const items = new Float32Array(reader.length(2 * WIDTH));
      for (let i = 0; i < items.length; i++) items[i] = reader.float();
      sketch.#levels.push(SortedItems.of(items));
      weight += items.length * 2 ** h;
    }
    if (height === 0 || weight !== sketch.#count)
      throw reader.damaged('a quantile sketch whose weights do not add up');
    return sketch;
  }

  #compress(): void {
    for (let h = 0; h < this.#levels.length; h++) {
      if (this.#levels[h]!.size > this.#capacity(h)) this.#compact(h);
    }
  }

  #capacity(h: number): number {
    const depth = this.#levels.length - 1 - h;
    return Math.max(NARROWEST, Math.ceil(WIDTH * SHRINK ** depth));
  }

  /** Hands every other item to the level above; of an odd number the largest stays. */
  #compact(h: number): void {
    const promoted = this.#levels[h]!.halve(this.#coin());
    if (h + 1 === this.#levels.length) this.#levels.push(new SortedItems());
    this.#levels[h + 1]!.merge(SCRATCH, promoted);
    this.#stepSquares += 4 ** h;
  }

  /** xorshift32: the same stream and seed give the same sketch. */
  #coin(): 0 | 1 {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x;
    return ((x >>> 9) & 1) as 0 | 1;
  }
}
