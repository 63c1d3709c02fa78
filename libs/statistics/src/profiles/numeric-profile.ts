import { ColumnCounter, type ColumnCounts } from '../reference/column-counter';
import type { NumericReferenceColumn } from '../reference/reference-profile';
import type { ByteReader } from '../serialisation/byte-reader';
import type { ByteWriter } from '../serialisation/byte-writer';
import { readCounts, writeCounts } from './column-counts-bytes';
import { DistinctSketch } from './distinct-sketch';
import { FrequentNumbers } from './frequent-numbers';
import type { FrequentValue } from './frequent-values';
import { Moments } from './moments';
import { QuantileSketch } from './quantile-sketch';

/** Which parts a numeric profile has beside counts, extremes and moments. */
export interface ProfileParts {
  /** Distinct count, quantiles and frequent values. Default true; without them profiling is about twice as fast. */
  readonly sketches?: boolean;
  /** Seed of the quantile sketch; see {@link QuantileSketch}. */
  readonly seed?: number;
}

/** What a numeric profile shows. `exact` may carry a verdict; `display` depends on order in the last bits or is estimated. */
export interface NumericSummary {
  readonly name: string;
  readonly kind: 'numeric';
  readonly exact: {
    readonly rows: number;
    readonly missing: number;
    readonly nonFinite: number;
    readonly wrongType: number;
    /** Of the finite values; null where there is none. */
    readonly min: number | null;
    readonly max: number | null;
    /** In the reference's cells, where a reference was given. */
    readonly cells: ColumnCounts | null;
  };
  readonly display: {
    readonly mean: number | null;
    readonly variance: number | null;
    readonly distinct: number | null;
    /** Rank error below {@link quantileRankError} at 99 %. */
    readonly quantiles: Readonly<
      Record<'p01' | 'p05' | 'p25' | 'p50' | 'p75' | 'p95' | 'p99', number>
    > | null;
    readonly quantileRankError: number | null;
    readonly frequent: readonly FrequentValue<number>[];
  };
}

/** Values wait in a block of this many; every part then takes them in one go. */
const BLOCK = 512;

/** One pass over a numeric column; mergeable, serialisable, about 6 KB of memory. Adding allocates nothing per value. */
export class NumericProfile {
  readonly kind = 'numeric';
  readonly #block = new Float64Array(BLOCK);
  readonly #words = new Uint32Array(this.#block.buffer);
  #waiting = 0;
  #missing = 0;
  #nonFinite = 0;
  #wrongType = 0;
  readonly #moments: Moments;
  readonly #cells: ColumnCounter | null;
  readonly #sketches: Sketches | null;

  constructor(
    readonly name: string,
    reference: NumericReferenceColumn | null,
    parts: ProfileParts = {},
    stored: { moments: Moments; sketches: Sketches | null } | null = null,
  ) {
    this.#cells = reference === null ? null : new ColumnCounter(reference);
    this.#moments = stored?.moments ?? new Moments();
    this.#sketches = stored === null ? newSketches(parts) : stored.sketches;
  }

  /** NaN, null and undefined are missing; a boolean counts as 0 or 1; other types are missing and `wrongType`. */
  add(value: unknown): void {
    if (typeof value === 'number') this.#addNumber(value);
    else if (value === null || value === undefined) this.#addNumber(Number.NaN);
    else if (typeof value === 'boolean' || typeof value === 'bigint') this.#addNumber(Number(value));
    else {
      this.#wrongType++;
      this.#missing++;
      this.#cells?.add(value);
    }
  }

  addAll(values: ArrayLike<unknown>): void {
    if (values instanceof Float64Array || values instanceof Float32Array) this.#addNumbers(values);
    else for (let i = 0; i < values.length; i++) this.add(values[i]);
  }

  get rows(): number {
    return this.#moments.count + this.#waiting + this.#missing + this.#nonFinite;
  }

  /** Adds another profile of the same column, reference and parts to this one. Returns this. */
  merge(other: NumericProfile): this {
    this.#settle();
    other.#settle();
    this.#missing += other.#missing;
    this.#nonFinite += other.#nonFinite;
    this.#wrongType += other.#wrongType;
    this.#moments.merge(other.#moments);
    if (other.#cells !== null) this.#cells?.absorb(other.#cells);
    if (this.#sketches === null || other.#sketches === null) return this;
    this.#sketches.distinct.merge(other.#sketches.distinct);
    this.#sketches.quantiles.merge(other.#sketches.quantiles);
    this.#sketches.frequent.merge(other.#sketches.frequent);
    return this;
  }

  summary(): NumericSummary {
    this.#settle();
    const { count, min, max, mean, variance } = this.#moments;
    return {
      name: this.name,
      kind: 'numeric',
      exact: {
        rows: this.rows,
        missing: this.#missing,
        nonFinite: this.#nonFinite,
        wrongType: this.#wrongType,
        min: count === 0 ? null : min,
        max: count === 0 ? null : max,
        cells: this.#cells?.snapshot() ?? null,
      },
      display: { mean: count === 0 ? null : mean, variance, ...showSketches(this.#sketches) },
    };
  }

  /** The quantile sketch of what was added so far; null without sketches. Do not add to it. */
  quantiles(): QuantileSketch | null {
    this.#settle();
    return this.#sketches?.quantiles ?? null;
  }

  /** The exact counts in the reference's cells; null without a reference. */
  cells(): ColumnCounts | null {
    this.#settle();
    return this.#cells?.snapshot() ?? null;
  }

  write(writer: ByteWriter): void {
    this.#settle();
    writer.integer(this.#missing).integer(this.#nonFinite).integer(this.#wrongType);
    this.#moments.write(writer);
    if (this.#cells !== null) writeCounts(writer, this.#cells.snapshot());
    writer.byte(this.#sketches === null ? 0 : 1);
    this.#sketches?.distinct.write(writer);
    this.#sketches?.quantiles.write(writer);
    this.#sketches?.frequent.write(writer);
  }

  static read(reader: ByteReader, name: string, reference: NumericReferenceColumn | null): NumericProfile {
    const [missing, nonFinite, wrongType] = [reader.integer(), reader.integer(), reader.integer()];
    const moments = Moments.read(reader);
    const cells = reference === null ? null : readCounts(reader, name, reference.counts.length);
    const sketches = reader.byte() === 0 ? null : readSketches(reader);
    const profile = new NumericProfile(name, reference, {}, { moments, sketches });
    profile.#missing = missing;
    profile.#nonFinite = nonFinite;
    profile.#wrongType = wrongType;
    if (cells !== null) profile.#cells!.merge(cells);
    return profile;
  }

  /** The same as #addNumber for each value, with the block and its end in registers. */
  #addNumbers(values: Float64Array | Float32Array): void {
    const direct = this.#sketches === null && values instanceof Float64Array ? this.#takeBlocks(values) : 0;
    const block = this.#block;
    let waiting = this.#waiting;
    for (let i = direct; i < values.length; i++) {
      const value = values[i]!;
      if (value - value === 0) {
        block[waiting++] = value;
        if (waiting < BLOCK) continue;
        this.#waiting = waiting;
        this.#settle();
        waiting = 0;
      } else {
        this.#waiting = waiting;
        this.#addNumber(value);
      }
    }
    this.#waiting = waiting;
  }

  /**
   * Without sketches nothing is sorted, so whole blocks of finite numbers need not be copied. Returns how many values it
   * took: all up to the first block with another value, or none while some wait already.
   */
  #takeBlocks(values: Float64Array): number {
    let taken = 0;
    while (this.#waiting === 0 && values.length - taken >= BLOCK) {
      const view = values.subarray(taken, taken + BLOCK);
      const extremes = this.#moments.addIfFinite(view, BLOCK);
      if (extremes === null) break;
      this.#cells?.addFinite(view, BLOCK, extremes.low, extremes.high);
      taken += BLOCK;
    }
    return taken;
  }

  #addNumber(value: number): void {
    // value - value is 0 for finite numbers only.
    if (value - value === 0) {
      this.#block[this.#waiting++] = value;
      if (this.#waiting === BLOCK) this.#settle();
      return;
    }
    if (Number.isNaN(value)) this.#missing++;
    else this.#nonFinite++;
    this.#cells?.add(value);
  }

  /** Hands the waiting values to every part. Sorting comes last: it is done in place. */
  #settle(): void {
    const length = this.#waiting;
    if (length === 0) return;
    this.#waiting = 0;
    const { low, high } = this.#moments.addBlock(this.#block, length);
    this.#cells?.addFinite(this.#block, length, low, high);
    if (this.#sketches === null) return;
    this.#sketches.distinct.addBlock(this.#words, length);
    this.#block.subarray(0, length).sort();
    this.#sketches.frequent.addSorted(this.#block, length);
    this.#sketches.quantiles.addSorted(this.#block, length);
  }
}

interface Sketches {
  readonly distinct: DistinctSketch;
  readonly quantiles: QuantileSketch;
  readonly frequent: FrequentNumbers;
}

function newSketches({ sketches = true, seed }: ProfileParts): Sketches | null {
  if (!sketches) return null;
  return {
    distinct: new DistinctSketch(),
    quantiles: new QuantileSketch(seed),
    frequent: new FrequentNumbers(),
  };
}

function readSketches(reader: ByteReader): Sketches {
  const distinct = DistinctSketch.read(reader);
  const quantiles = QuantileSketch.read(reader);
  return { distinct, quantiles, frequent: FrequentNumbers.read(reader) };
}

function showSketches(sketches: Sketches | null) {
  if (sketches === null) return { distinct: null, quantiles: null, quantileRankError: null, frequent: [] };
  const { distinct, quantiles, frequent } = sketches;
  const at = (probability: number) => quantiles.quantile(probability)!;
  const shown = () => ({
    p01: at(0.01),
    p05: at(0.05),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    p99: at(0.99),
  });
  return {
    distinct: Math.round(distinct.estimate()),
    quantiles: quantiles.count === 0 ? null : shown(),
    quantileRankError: quantiles.rankError(),
    frequent: frequent.list(),
  };
}
