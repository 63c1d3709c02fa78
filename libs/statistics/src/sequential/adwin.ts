import { checkFinite, checkInteger, checkLevel } from '../arguments/check-arguments';
import type { ChangeDetector } from './change-detector';

/** Confidence and window limits of ADWIN. */
export interface AdwinOptions {
  /** Chance of a false detection at one check. Default 0.002. */
  readonly delta?: number;
  /** A check every so many values. Default 32. */
  readonly clock?: number;
  /** Buckets of one size before two are put together. Default 5. */
  readonly maxBuckets?: number;
  /** Shortest part of the window that is compared. Default 5. */
  readonly minimumWindow?: number;
  /** Values before the first check. Default 10. */
  readonly gracePeriod?: number;
  /**
   * Whether the newer part of the window stays after a detection, as in the paper. Default false: the window begins anew
   * with the next value, as in river, so that one change is reported once.
   */
  readonly keepWindow?: boolean;
}

interface Row {
  /** Sums and sums of squared deviations of buckets of 2^row values, oldest first. */
  sums: number[];
  squares: number[];
}

/**
 * Adaptive windowing (Bifet and Gavaldà 2007), as river's `ADWIN`: keeps the longest window whose halves, cut anywhere, do
 * not differ in their means, and drops its older part where they do. Memory grows with the logarithm of the window:
 * about 5 log2(n / 5) buckets.
 */
export class Adwin implements ChangeDetector {
  readonly #options: Required<AdwinOptions>;
  #rows: Row[] = [];
  #ticks = 0;
  #width = 0;
  #sum = 0;
  #squares = 0;
  #detected = false;

  constructor(options: AdwinOptions = {}) {
    this.#options = {
      delta: 0.002,
      clock: 32,
      maxBuckets: 5,
      minimumWindow: 5,
      gracePeriod: 10,
      keepWindow: false,
      ...options,
    };
    checkLevel('delta', this.#options.delta);
    checkInteger('clock', this.#options.clock, 1);
    checkInteger('maxBuckets', this.#options.maxBuckets, 1);
    checkInteger('minimumWindow', this.#options.minimumWindow, 1);
    checkInteger('gracePeriod', this.#options.gracePeriod);
  }

  /** Values in the window. */
  get observed(): number {
    return this.#width;
  }

  /** Mean of the window; 0 while it is empty. */
  get mean(): number {
    return this.#width === 0 ? 0 : this.#sum / this.#width;
  }

  update(value: number): boolean {
    checkFinite('value', value);
    if (this.#detected && !this.#options.keepWindow) this.#reset();
    this.#detected = false;
    this.#insert(value);
    this.#ticks++;
    if (this.#ticks % this.#options.clock !== 0 || this.#width <= this.#options.gracePeriod) return false;
    while (this.#hasCut()) {
      this.#detected = true;
      this.#dropOldest();
    }
    return this.#detected;
  }

  #reset(): void {
    this.#rows = [];
    this.#ticks = this.#width = this.#sum = this.#squares = 0;
  }

  #insert(value: number): void {
    if (this.#width > 0) this.#squares += (this.#width * (value - this.mean) ** 2) / (this.#width + 1);
    this.#width++;
    this.#sum += value;
    this.#append(0, value, 0);
    for (let r = 0; r < this.#rows.length && this.#rows[r]!.sums.length > this.#options.maxBuckets; r++) {
      const { sums, squares } = this.#rows[r]!;
      const size = 2 ** r;
      const [a, b] = [sums.shift()!, sums.shift()!];
      const difference = a / size - b / size;
      this.#append(r + 1, a + b, squares.shift()! + squares.shift()! + (size * difference * difference) / 2);
    }
  }

  #append(r: number, sum: number, squares: number): void {
    this.#rows[r] ??= { sums: [], squares: [] };
    this.#rows[r].sums.push(sum);
    this.#rows[r].squares.push(squares);
  }

  #hasCut(): boolean {
    const { minimumWindow } = this.#options;
    let older = 0;
    let olderSum = 0;
    for (let r = this.#rows.length - 1; r >= 0; r--) {
      for (const sum of this.#rows[r]!.sums) {
        older += 2 ** r;
        olderSum += sum;
        const newer = this.#width - older;
        if (newer < minimumWindow) return false;
        if (older < minimumWindow) continue;
        const difference = Math.abs(olderSum / older - (this.#sum - olderSum) / newer);
        if (difference > this.#bound(older, newer)) return true;
      }
    }
    return false;
  }

  #bound(older: number, newer: number): number {
    const { delta, minimumWindow } = this.#options;
    const log = Math.log((2 * Math.log(this.#width)) / delta);
    const inverse = 1 / (older - minimumWindow + 1) + 1 / (newer - minimumWindow + 1);
    const variance = this.#squares / this.#width;
    return Math.sqrt(2 * inverse * variance * log) + (2 / 3) * log * inverse;
  }

  #dropOldest(): void {
    const r = this.#rows.length - 1;
    const row = this.#rows[r]!;
    const size = 2 ** r;
    const sum = row.sums.shift()!;
    const squares = row.squares.shift()!;
    this.#width -= size;
    this.#sum -= sum;
    const difference = sum / size - (this.#width === 0 ? 0 : this.#sum / this.#width);
    this.#squares -= squares + (size * this.#width * difference * difference) / (size + this.#width);
    this.#squares = Math.max(0, this.#squares);
    while (this.#rows.length > 0 && this.#rows.at(-1)!.sums.length === 0) this.#rows.pop();
  }
}
