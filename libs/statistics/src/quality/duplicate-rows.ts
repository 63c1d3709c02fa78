import { sha256 } from '@steward/kernel';
import { checkInteger } from '../arguments/check-arguments';
import type { Anomaly } from './data-schema';

/**
 * Counts rows that were seen before, exactly up to `capacity` different rows; rows beyond it are compared with those kept
 * only, and `saturated` says so. Keeps 96 bits of a digest per row, never values. Memory: about 60 bytes a row.
 */
export class DuplicateRows {
  readonly #seen = new Set<string>();
  #rows = 0;
  #duplicates = 0;
  #saturated = false;

  /** @param capacity default 1,000,000 different rows. */
  constructor(private readonly capacity: number = 1_000_000) {
    checkInteger('capacity', capacity, 1);
  }

  /** Counts a row and returns whether an equal one was seen before. Values are compared by their JSON. */
  add(row: readonly unknown[]): boolean {
    const digest = sha256(JSON.stringify(row)).slice(0, 24);
    this.#rows++;
    if (this.#seen.has(digest)) {
      this.#duplicates++;
      return true;
    }
    if (this.#seen.size < this.capacity) this.#seen.add(digest);
    else this.#saturated = true;
    return false;
  }

  get counts(): { readonly rows: number; readonly duplicates: number; readonly saturated: boolean } {
    return { rows: this.#rows, duplicates: this.#duplicates, saturated: this.#saturated };
  }

  /** The anomaly, if more than this share of the rows are duplicates. Default: any. */
  anomalies(allowedShare = 0): Anomaly[] {
    if (this.#duplicates <= allowedShare * this.#rows) return [];
    const message = `${this.#duplicates} of ${this.#rows} rows were seen before.`;
    return [{ code: 'DUPLICATE_ROWS', column: null, message }];
  }
}
