/** Where a level's items stand while they move; the code that uses it runs to its end without interruption. */
export const SCRATCH = new Float32Array(1024);

/** An ascending list of 32-bit floats that grows in place: merging sorted items into it allocates only when it grows. */
export class SortedItems {
  items: Float32Array = new Float32Array(16);
  size = 0;

  static of(items: Float32Array): SortedItems {
    const sorted = new SortedItems();
    sorted.items = items;
    sorted.size = items.length;
    return sorted;
  }

  /** A view of the items, valid until the next change. */
  kept(): Float32Array {
    return this.items.subarray(0, this.size);
  }

  /** Merges the first `length` of an ascending list, from the back, so that nothing is overwritten before it is read. */
  merge(other: Float32Array, length: number): void {
    this.#reserve(this.size + length);
    const { items } = this;
    let mine = this.size - 1;
    let theirs = length - 1;
    let at = mine + theirs + 1;
    while (theirs >= 0) {
      items[at--] = mine >= 0 && items[mine]! > other[theirs]! ? items[mine--]! : other[theirs--]!;
    }
    this.size += length;
  }

  /** Moves every other item, from `offset` on, to {@link SCRATCH}; of an odd number the largest stays. Returns how many. */
  halve(offset: 0 | 1): number {
    const pairs = this.size >> 1;
    for (let i = 0; i < pairs; i++) SCRATCH[i] = this.items[2 * i + offset]!;
    const odd = this.size & 1;
    if (odd === 1) this.items[0] = this.items[this.size - 1]!;
    this.size = odd;
    return pairs;
  }

  #reserve(needed: number): void {
    if (needed <= this.items.length) return;
    const grown = new Float32Array(Math.max(needed, this.items.length * 2));
    grown.set(this.kept());
    this.items = grown;
  }
}
