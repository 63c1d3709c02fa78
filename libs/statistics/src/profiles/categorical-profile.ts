import { ColumnCounter, type ColumnCounts } from '../reference/column-counter';
import type { CategoricalReferenceColumn } from '../reference/reference-profile';
import type { ByteReader } from '../serialisation/byte-reader';
import type { ByteWriter } from '../serialisation/byte-writer';
import { readCounts, writeCounts } from './column-counts-bytes';
import { DistinctSketch } from './distinct-sketch';
import { FrequentTexts } from './frequent-texts';
import type { FrequentValue } from './frequent-values';

/** What a categorical profile shows; see {@link NumericSummary}. */
export interface CategoricalSummary {
  readonly name: string;
  readonly kind: 'categorical';
  readonly exact: {
    readonly rows: number;
    readonly missing: number;
    readonly wrongType: number;
    readonly cells: ColumnCounts | null;
  };
  readonly display: {
    readonly distinct: number;
    readonly frequent: readonly FrequentValue<string>[];
  };
}

/** One pass over a categorical column; mergeable, serialisable, at most 256 values in memory at a time. */
export class CategoricalProfile {
  readonly kind = 'categorical';
  #rows = 0;
  #missing = 0;
  #wrongType = 0;
  readonly #cells: ColumnCounter | null;
  #distinct = new DistinctSketch();
  #frequent = new FrequentTexts();

  constructor(
    readonly name: string,
    reference: CategoricalReferenceColumn | null,
  ) {
    this.#cells = reference === null ? null : new ColumnCounter(reference);
  }

  /** Null, undefined and NaN are missing; booleans and numbers become text; other types are missing and `wrongType`. */
  add(value: unknown): void {
    this.#rows++;
    this.#cells?.add(value);
    if (value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value)))
      this.#missing++;
    else if (typeof value === 'string') this.#addText(value);
    else if (typeof value === 'boolean' || typeof value === 'number') this.#addText(String(value));
    else {
      this.#missing++;
      this.#wrongType++;
    }
  }

  addAll(values: ArrayLike<unknown>): void {
    for (let i = 0; i < values.length; i++) this.add(values[i]);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Adds another profile of the same column and reference to this one. Returns this. */
  merge(other: CategoricalProfile): this {
    this.#rows += other.#rows;
    this.#missing += other.#missing;
    this.#wrongType += other.#wrongType;
    if (other.#cells !== null) this.#cells?.absorb(other.#cells);
    this.#distinct.merge(other.#distinct);
    this.#frequent.merge(other.#frequent);
    return this;
  }

  summary(): CategoricalSummary {
    return {
      name: this.name,
      kind: 'categorical',
      exact: { rows: this.#rows, missing: this.#missing, wrongType: this.#wrongType, cells: this.cells() },
      display: { distinct: Math.round(this.#distinct.estimate()), frequent: this.#frequent.list() },
    };
  }

  /** The exact counts in the reference's cells; null without a reference. */
  cells(): ColumnCounts | null {
    return this.#cells?.snapshot() ?? null;
  }

  write(writer: ByteWriter): void {
    writer.integer(this.#rows).integer(this.#missing).integer(this.#wrongType);
    if (this.#cells !== null) writeCounts(writer, this.#cells.snapshot());
    this.#distinct.write(writer);
    this.#frequent.write(writer);
  }

  static read(
    reader: ByteReader,
    name: string,
    reference: CategoricalReferenceColumn | null,
  ): CategoricalProfile {
    const profile = new CategoricalProfile(name, reference);
    profile.#rows = reader.integer();
    profile.#missing = reader.integer();
    profile.#wrongType = reader.integer();
    if (reference !== null) profile.#cells!.merge(readCounts(reader, name, reference.counts.length));
    profile.#distinct = DistinctSketch.read(reader);
    profile.#frequent = FrequentTexts.read(reader);
    return profile;
  }

  /** A value that is among the frequent ones is in the distinct sketch already. */
  #addText(text: string): void {
    if (this.#frequent.add(text)) this.#distinct.addText(text);
  }
}
