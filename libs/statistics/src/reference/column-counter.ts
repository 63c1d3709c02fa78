import { checkCounts, invalidArgument } from '../arguments/check-arguments';
import { binOf } from './bin-edges';
import { BinLookup } from './bin-lookup';
import type { NumericReferenceColumn, ReferenceColumn } from './reference-profile';

/** The counts of one column in the cells of its reference. */
export interface ColumnCounts {
  readonly name: string;
  /** One count per bin, or per category and then `other`: the same cells as the reference column's `counts`. */
  readonly counts: readonly number[];
  readonly missing: number;
  /**
   * Numbers outside the reference's range (they are also in the outermost bins), or categories that the reference never
   * saw (they are also in `other`; 0 where it saw too many to remember).
   */
  readonly outOfRange: number;
  /** Infinities; they are also in the outermost bins and out of range. */
  readonly nonFinite: number;
  /** Values of the wrong type; they are also missing. */
  readonly wrongType: number;
  /** Values seen: the sum of `counts` and `missing`. */
  readonly rows: number;
}

/** Counts the values of one column. Adding allocates nothing. */
export class ColumnCounter {
  readonly #edges: Float64Array;
  readonly #codes: ReadonlyMap<string, number>;
  readonly #rare: ReadonlySet<string> | null;
  readonly #low: number;
  readonly #high: number;
  readonly #counts: Float64Array;
  #lookup: BinLookup | null = null;
  #missing = 0;
  #outOfRange = 0;
  #nonFinite = 0;
  #wrongType = 0;
  #rows = 0;

  constructor(readonly reference: ReferenceColumn) {
    this.#counts = new Float64Array(reference.counts.length);
    const numeric = reference.kind === 'numeric' ? reference : null;
    this.#edges = Float64Array.from(numeric?.edges ?? []);
    [this.#low, this.#high] = numeric === null ? [0, 0] : tolerantRange(numeric);
    this.#rare = reference.kind === 'categorical' && reference.rare !== null ? new Set(reference.rare) : null;
    this.#codes = new Map(reference.kind === 'categorical' ? reference.categories.map((c, i) => [c, i]) : []);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Counts one value; see {@link BinCounts.add}. */
  add(value: unknown): void {
    this.#rows++;
    if (value === null || value === undefined) this.#missing++;
    else if (this.reference.kind === 'categorical') this.#addCategory(value);
    else if (typeof value === 'number') this.#addNumber(value);
    else if (typeof value === 'boolean' || typeof value === 'bigint') this.#addNumber(Number(value));
    else this.#addWrongType();
  }

  /** Counts many numbers; NaN is missing. In a categorical column they are categories by their decimal text. */
  addNumbers(values: Float64Array | Float32Array): void {
    if (this.reference.kind === 'categorical') {
      for (let i = 0; i < values.length; i++) this.add(values[i]);
      return;
    }
    this.#rows += values.length;
    for (let i = 0; i < values.length; i++) this.#addNumber(values[i]!);
  }

  /** Adds the counts of another counter of the same column. */
  merge(other: ColumnCounts): void {
    const { counts } = other;
    if (other.name !== this.reference.name) {
      throw invalidArgument('other.name', other.name, `the column '${this.reference.name}'`);
    }
    if (counts.length !== this.#counts.length) {
      throw invalidArgument(`${other.name}.counts`, counts.length, `${this.#counts.length} counts`);
    }
    checkCounts(`${other.name}.counts`, counts);
    const extras = [other.missing, other.outOfRange, other.nonFinite, other.wrongType, other.rows];
    checkCounts(`${other.name}.[missing,outOfRange,nonFinite,wrongType,rows]`, extras);
    const sum = counts.reduce((total, count) => total + count, other.missing);
    if (other.rows !== sum)
      throw invalidArgument(`${other.name}.rows`, other.rows, `${sum}, the sum of its cells`);
    for (let i = 0; i < counts.length; i++) this.#counts[i]! += counts[i]!;
    this.#missing += other.missing;
    this.#outOfRange += other.outOfRange;
    this.#nonFinite += other.nonFinite;
    this.#wrongType += other.wrongType;
    this.#rows += other.rows;
  }

  /** Adds another counter over the same cells; {@link merge} for those that are both in memory and so known to be sound. */
  absorb(other: ColumnCounter): void {
    if (other.reference !== this.reference) {
      this.merge(other.snapshot());
      return;
    }
    for (let i = 0; i < this.#counts.length; i++) this.#counts[i]! += other.#counts[i]!;
    this.#missing += other.#missing;
    this.#outOfRange += other.#outOfRange;
    this.#nonFinite += other.#nonFinite;
    this.#wrongType += other.#wrongType;
    this.#rows += other.#rows;
  }

  /**
   * Counts the first `length` numbers of a block, all finite. For numeric columns only.
   *
   * @param low smallest and
   * @param high largest of them.
   */
  addFinite(block: Float64Array, length: number, low: number, high: number): void {
    this.#lookup ??= new BinLookup(this.reference.kind === 'numeric' ? this.reference.edges : []);
    this.#rows += length;
    this.#lookup.count(block, length, this.#counts);
    if (low >= this.#low && high <= this.#high) return;
    for (let i = 0; i < length; i++) if (block[i]! < this.#low || block[i]! > this.#high) this.#outOfRange++;
  }

  snapshot(): ColumnCounts {
    return {
      name: this.reference.name,
      counts: Array.from(this.#counts),
      missing: this.#missing,
      outOfRange: this.#outOfRange,
      nonFinite: this.#nonFinite,
      wrongType: this.#wrongType,
      rows: this.#rows,
    };
  }

  #addNumber(value: number): void {
    if (value !== value) {
      this.#missing++;
      return;
    }
    this.#counts[binOf(this.#edges, value)]! += 1;
    if (value < this.#low || value > this.#high) {
      this.#outOfRange++;
      if (value === Infinity || value === -Infinity) this.#nonFinite++;
    }
  }

  #addCategory(value: unknown): void {
    if (typeof value === 'number' && Number.isNaN(value)) {
      this.#missing++;
      return;
    }
    if (typeof value !== 'string' && typeof value !== 'boolean' && typeof value !== 'number') {
      this.#addWrongType();
      return;
    }
    const text = typeof value === 'string' ? value : String(value);
    const code = this.#codes.get(text);
    if (code === undefined && this.#rare !== null && !this.#rare.has(text)) this.#outOfRange++;
    this.#counts[code ?? this.#codes.size]! += 1;
  }

  #addWrongType(): void {
    this.#missing++;
    this.#wrongType++;
  }
}

/**
 * The reference's range, widened by the rounding of a 32-bit float, in which tensors travel. Without any finite value in
 * the reference every number is out of range.
 */
function tolerantRange(column: NumericReferenceColumn): [number, number] {
  if (column.min === null || column.max === null) return [Infinity, -Infinity];
  const FLOAT32_ROUNDING = 2 ** -23;
  return [
    column.min - Math.abs(column.min) * FLOAT32_ROUNDING,
    column.max + Math.abs(column.max) * FLOAT32_ROUNDING,
  ];
}
