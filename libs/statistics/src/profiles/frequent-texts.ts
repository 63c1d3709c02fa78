import type { ByteReader } from '../serialisation/byte-reader';
import type { ByteWriter } from '../serialisation/byte-writer';
import { FREQUENT_TEXTS, type FrequentValue } from './frequent-values';

/** Between prunings up to this many values are kept, so that a pruning is paid for by many rows. */
const PRUNE_AT = 4 * FREQUENT_TEXTS;

/**
 * The most frequent values of a categorical column in bounded memory: the same summary as for numbers, with 64 values
 * kept between prunings and an error of at most rows / 65. Exact (error 0) up to 256 different values. For display.
 */
export class FrequentTexts {
  readonly #counts = new Map<string, number>();
  #error = 0;

  /** Counts one value. Returns whether it was unknown before. */
  add(value: string): boolean {
    const known = this.#counts.get(value);
    this.#counts.set(value, (known ?? 0) + 1);
    if (known !== undefined) return false;
    if (this.#counts.size > PRUNE_AT) this.#prune();
    return true;
  }

  merge(other: FrequentTexts): void {
    this.#error += other.#error;
    for (const [value, count] of other.#counts)
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    if (this.#counts.size > PRUNE_AT) this.#prune();
  }

  /** Most frequent first, then by the value. */
  list(): FrequentValue<string>[] {
    return [...this.#counts]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([value, count]) => ({ value, atLeast: count, atMost: count + this.#error }));
  }

  write(writer: ByteWriter): void {
    const list = this.list();
    writer.integer(this.#error).integer(list.length);
    for (const { value, atLeast } of list) writer.text(value).integer(atLeast);
  }

  static read(reader: ByteReader): FrequentTexts {
    const summary = new FrequentTexts();
    summary.#error = reader.integer();
    const size = reader.length(PRUNE_AT);
    for (let i = 0; i < size; i++) {
      const value = reader.text();
      if (summary.#counts.has(value)) throw reader.damaged('a frequent value twice');
      summary.#counts.set(value, reader.integer());
    }
    return summary;
  }

  #prune(): void {
    const counts = [...this.#counts.values()].sort((a, b) => b - a);
    const threshold = counts[FREQUENT_TEXTS]!;
    for (const [value, count] of this.#counts) {
      if (count <= threshold) this.#counts.delete(value);
      else this.#counts.set(value, count - threshold);
    }
    this.#error += threshold;
  }
}
