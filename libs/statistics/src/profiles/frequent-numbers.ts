import type { ByteReader } from '../serialisation/byte-reader';
import type { ByteWriter } from '../serialisation/byte-writer';
import { FREQUENT_NUMBERS, type FrequentValue } from './frequent-values';

/**
 * The values of a numeric column that occur most often, in bounded memory: the mergeable summary of Misra and Gries in
 * batches, which Agarwal and others (2013) show to be the same as space-saving. When more than 16 values would be kept,
 * the 17th largest count is taken off every count and what reaches 0 is dropped; the sum of what was taken off bounds the
 * error of every count, and is at most rows / 17. Every value that fills more than a 17th of the rows is kept. For display.
 */
export class FrequentNumbers {
  #values = new Float64Array(0);
  #counts = new Float64Array(0);
  #error = 0;

  /** Adds the first `length` numbers of an ascending block, all finite. */
  addSorted(block: Float64Array, length: number): void {
    if (length > LONGEST_BLOCK) {
      this.addSorted(block.subarray(LONGEST_BLOCK), length - LONGEST_BLOCK);
      this.addSorted(block, LONGEST_BLOCK);
      return;
    }
    let runs = 0;
    for (let i = 0; i < length;) {
      const value = block[i]!;
      let end = i + 1;
      while (end < length && block[end] === value) end++;
      RUN_VALUES[runs] = value === 0 ? 0 : value;
      RUN_COUNTS[runs++] = end - i;
      i = end;
    }
    this.#combine(RUN_VALUES, RUN_COUNTS, runs);
  }

  merge(other: FrequentNumbers): void {
    this.#error += other.#error;
    this.#combine(other.#values, other.#counts, other.#values.length);
  }

  /** Most frequent first, then ascending. */
  list(): FrequentValue<number>[] {
    return Array.from(this.#values, (value, i) => ({
      value,
      atLeast: this.#counts[i]!,
      atMost: this.#counts[i]! + this.#error,
    })).sort((a, b) => b.atLeast - a.atLeast || a.value - b.value);
  }

  write(writer: ByteWriter): void {
    writer.integer(this.#error).integer(this.#values.length);
    for (let i = 0; i < this.#values.length; i++) writer.double(this.#values[i]!).integer(this.#counts[i]!);
  }

  static read(reader: ByteReader): FrequentNumbers {
    const summary = new FrequentNumbers();
    summary.#error = reader.integer();
    const size = reader.length(FREQUENT_NUMBERS);
    summary.#values = new Float64Array(size);
    summary.#counts = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      summary.#values[i] = reader.double();
      summary.#counts[i] = reader.integer();
      if (i > 0 && !(summary.#values[i]! > summary.#values[i - 1]!))
        throw reader.damaged('frequent values out of order');
    }
    return summary;
  }

  /** Adds runs (ascending values with counts) and prunes to the limit. */
  #combine(values: Float64Array, counts: Float64Array, runs: number): void {
    const size = this.#mergeInto(values, counts, runs);
    const threshold = size > FREQUENT_NUMBERS ? nextLargest(size) : 0;
    let kept = 0;
    for (let i = 0; i < size; i++) {
      if (MERGED_COUNTS[i]! <= threshold) continue;
      MERGED_VALUES[kept] = MERGED_VALUES[i]!;
      MERGED_COUNTS[kept++] = MERGED_COUNTS[i]! - threshold;
    }
    this.#error += threshold;
    if (kept !== this.#values.length) {
      this.#values = new Float64Array(kept);
      this.#counts = new Float64Array(kept);
    }
    for (let i = 0; i < kept; i++) {
      this.#values[i] = MERGED_VALUES[i]!;
      this.#counts[i] = MERGED_COUNTS[i]!;
    }
  }

  #mergeInto(values: Float64Array, counts: Float64Array, runs: number): number {
    let size = 0;
    let i = 0;
    let j = 0;
    while (i < this.#values.length || j < runs) {
      const mine = i < this.#values.length ? this.#values[i]! : Infinity;
      const theirs = j < runs ? values[j]! : Infinity;
      MERGED_VALUES[size] = Math.min(mine, theirs);
      MERGED_COUNTS[size] = (mine <= theirs ? this.#counts[i]! : 0) + (theirs <= mine ? counts[j]! : 0);
      size++;
      if (mine <= theirs) i++;
      if (theirs <= mine) j++;
    }
    return size;
  }
}

/** Longer blocks are taken in parts. */
const LONGEST_BLOCK = 1024;

// Scratch space of the functions above, which run to their end without interruption: nothing is allocated per block.
const RUN_VALUES = new Float64Array(LONGEST_BLOCK);
const RUN_COUNTS = new Float64Array(LONGEST_BLOCK);
const MERGED_VALUES = new Float64Array(LONGEST_BLOCK + FREQUENT_NUMBERS);
const MERGED_COUNTS = new Float64Array(LONGEST_BLOCK + FREQUENT_NUMBERS);
const SORTED_COUNTS = new Float64Array(LONGEST_BLOCK + FREQUENT_NUMBERS);

/** The largest count after the first 16. Most blocks of a continuous column hold every value once: that needs no sort. */
function nextLargest(size: number): number {
  let repeated = 0;
  for (let i = 0; i < size; i++) if (MERGED_COUNTS[i]! > 1) SORTED_COUNTS[repeated++] = MERGED_COUNTS[i]!;
  if (repeated <= FREQUENT_NUMBERS) return 1;
  const sorted = SORTED_COUNTS.subarray(0, repeated).sort();
  return sorted[repeated - 1 - FREQUENT_NUMBERS]!;
}
