import { errors } from '@steward/kernel';
import { invalidArgument } from '../arguments/check-arguments';
import { ColumnCounter, type ColumnCounts } from './column-counter';
import { referenceDigest } from './parse-reference';
import type { ReferenceProfile } from './reference-profile';

/** {@link BinCounts} as plain JSON; `referenceDigest` says which reference the cells belong to. */
export interface BinCountsSnapshot {
  readonly version: 1;
  readonly referenceDigest: string;
  readonly columns: readonly ColumnCounts[];
}

/**
 * Exact counts of current values in a reference's fixed cells. All integers: they do not depend on the order of the
 * values, and merging is exact, associative and commutative, so any verdict on them replays to the same bits.
 * Memory is one number per cell.
 */
export class BinCounts {
  private readonly counters: Map<string, ColumnCounter>;

  constructor(readonly reference: ReferenceProfile) {
    this.counters = new Map(reference.columns.map((column) => [column.name, new ColumnCounter(column)]));
  }

  /**
   * Counts one value of a column. NaN, null and undefined are missing; a value of the wrong type is counted as missing
   * and in `wrongType`.
   *
   * @throws AppError when the reference has no such column.
   */
  add(column: string, value: unknown): void {
    this.column(column).add(value);
  }

  /** Counts many values of a column. */
  addAll(column: string, values: ArrayLike<unknown>): void {
    const counter = this.column(column);
    if (values instanceof Float64Array || values instanceof Float32Array) counter.addNumbers(values);
    else for (let i = 0; i < values.length; i++) counter.add(values[i]);
  }

  /** The counter of one column: for hot loops, which look it up once. */
  column(name: string): ColumnCounter {
    const counter = this.counters.get(name);
    if (counter === undefined) {
      throw errors.invalid('STATISTICS.UNKNOWN_COLUMN', `The reference has no column '${name}'.`, {
        details: { column: name, known: [...this.counters.keys()].slice(0, 100) },
      });
    }
    return counter;
  }

  /** True if the reference has a column of this name. */
  has(column: string): boolean {
    return this.counters.has(column);
  }

  /** The largest number of values counted in any column; 0 for an empty window. */
  get rows(): number {
    let rows = 0;
    for (const counter of this.counters.values()) rows = Math.max(rows, counter.rows);
    return rows;
  }

  /** Adds the counts of another window over the same reference to this one. Returns this. */
  merge(other: BinCounts): this {
    this.checkSameReference(referenceDigest(other.reference));
    for (const [name, counter] of this.counters) counter.merge(other.column(name).snapshot());
    return this;
  }

  toJSON(): BinCountsSnapshot {
    return {
      version: 1,
      referenceDigest: referenceDigest(this.reference),
      columns: [...this.counters.values()].map((counter) => counter.snapshot()),
    };
  }

  /**
   * Reads a snapshot back.
   *
   * @throws AppError when it was taken against another reference or is damaged.
   */
  static parse(reference: ReferenceProfile, snapshot: BinCountsSnapshot): BinCounts {
    if (snapshot.version !== 1) throw invalidArgument('snapshot.version', snapshot.version, 'version 1');
    const counts = new BinCounts(reference);
    counts.checkSameReference(snapshot.referenceDigest);
    const names = Array.isArray(snapshot.columns) ? snapshot.columns.map(({ name }) => name) : [];
    if (names.length !== reference.columns.length || new Set(names).size !== names.length) {
      throw invalidArgument('snapshot.columns', names, 'every column of the reference once');
    }
    for (const column of snapshot.columns) counts.column(column.name).merge(column);
    return counts;
  }

  private checkSameReference(digest: string): void {
    const own = referenceDigest(this.reference);
    if (digest === own) return;
    throw errors.invalid(
      'STATISTICS.OTHER_REFERENCE',
      'The counts were taken against another reference; their cells cannot be compared.',
      { details: { expected: own, found: digest } },
    );
  }
}

/** An empty window over a reference. */
export function countAgainst(reference: ReferenceProfile): BinCounts {
  return new BinCounts(reference);
}
