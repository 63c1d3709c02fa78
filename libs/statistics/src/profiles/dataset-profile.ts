import { errors } from '@steward/kernel';
import { invalidArgument } from '../arguments/check-arguments';
import { BinCounts } from '../reference/bin-counts';
import { referenceDigest } from '../reference/parse-reference';
import type { ReferenceProfile } from '../reference/reference-profile';
import { ByteReader } from '../serialisation/byte-reader';
import { ByteWriter } from '../serialisation/byte-writer';
import { CategoricalProfile, type CategoricalSummary } from './categorical-profile';
import { NumericProfile, type NumericSummary, type ProfileParts } from './numeric-profile';

/** A column to profile without a reference. */
export interface ProfileColumn {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
}

/** The profile of one column, by its kind. */
export type ColumnProfile = NumericProfile | CategoricalProfile;
/** What a column's profile says to people, by its kind. For display: no verdict rests on it. */
export type ColumnSummary = NumericSummary | CategoricalSummary;

const MAGIC = [0x53, 0x50];
const FORMAT_VERSION = 1;
const MAX_COLUMNS = 100_000;

/**
 * One pass over a data set gives a mergeable profile of every column; with a reference also exact counts in its cells,
 * from which {@link judgeDrift} takes its verdict. Windows over the same columns merge: the counts exactly, the sketches
 * within their bounds.
 */
export class DatasetProfile {
  readonly #columns: ReadonlyMap<string, ColumnProfile>;
  #identityText: string | null = null;

  private constructor(
    readonly reference: ReferenceProfile | null,
    columns: readonly ColumnProfile[],
  ) {
    this.#columns = new Map(columns.map((column) => [column.name, column]));
    if (this.#columns.size !== columns.length)
      throw invalidArgument('columns', columns.length, 'names that are unique');
  }

  /** An empty profile of these columns. */
  static of(columns: readonly ProfileColumn[], parts?: ProfileParts): DatasetProfile {
    return new DatasetProfile(
      null,
      columns.map(({ name, kind }) =>
        kind === 'numeric' ? new NumericProfile(name, null, parts) : new CategoricalProfile(name, null),
      ),
    );
  }

  /** An empty profile of a reference's columns, with exact counts in its cells. */
  static against(reference: ReferenceProfile, parts?: ProfileParts): DatasetProfile {
    return new DatasetProfile(
      reference,
      reference.columns.map((column) =>
        column.kind === 'numeric'
          ? new NumericProfile(column.name, column, parts)
          : new CategoricalProfile(column.name, column),
      ),
    );
  }

  /** The profile of one column, to add values to. */
  column(name: string): ColumnProfile {
    const column = this.#columns.get(name);
    if (column !== undefined) return column;
    throw errors.invalid('STATISTICS.UNKNOWN_COLUMN', `The profile has no column '${name}'.`, {
      details: { column: name, known: [...this.#columns.keys()].slice(0, 100) },
    });
  }

  add(column: string, value: unknown): void {
    this.column(column).add(value);
  }

  addAll(column: string, values: ArrayLike<unknown>): void {
    this.column(column).addAll(values);
  }

  /** Adds another profile of the same columns and reference to this one. Returns this. */
  merge(other: DatasetProfile): this {
    if (this.#identity() !== other.#identity()) {
      throw errors.invalid(
        'STATISTICS.OTHER_REFERENCE',
        'The two profiles have different columns or references and cannot be merged.',
      );
    }
    for (const [name, column] of this.#columns) {
      const theirs = other.column(name);
      if (column.kind === 'numeric' && theirs.kind === 'numeric') column.merge(theirs);
      if (column.kind === 'categorical' && theirs.kind === 'categorical') column.merge(theirs);
    }
    return this;
  }

  summaries(): ColumnSummary[] {
    return [...this.#columns.values()].map((column) => column.summary());
  }

  /** The exact counts, ready for {@link judgeDrift}; an error where the profile has no reference. */
  counts(): BinCounts {
    if (this.reference === null)
      throw invalidArgument('reference', null, 'a profile that was taken against a reference');
    const counts = new BinCounts(this.reference);
    for (const [name, column] of this.#columns) counts.column(name).merge(column.cells()!);
    return counts;
  }

  /** The compact binary form, version 1. */
  serialise(): Uint8Array {
    const writer = new ByteWriter();
    for (const byte of MAGIC) writer.byte(byte);
    writer.byte(FORMAT_VERSION).text(this.reference === null ? '' : referenceDigest(this.reference));
    writer.integer(this.#columns.size);
    for (const column of this.#columns.values()) {
      writer.text(column.name).byte(column.kind === 'numeric' ? 0 : 1);
      column.write(writer);
    }
    return writer.finish();
  }

  /**
   * Reads {@link serialise} back.
   *
   * @param reference the one that the profile was taken against, or null if none.
   * @throws AppError when the bytes are damaged, of another version, or of another reference.
   */
  static parse(bytes: Uint8Array, reference: ReferenceProfile | null): DatasetProfile {
    const reader = new ByteReader(bytes);
    if (reader.byte() !== MAGIC[0] || reader.byte() !== MAGIC[1])
      throw reader.damaged('no profile begins like this');
    const version = reader.byte();
    if (version !== FORMAT_VERSION) throw reader.damaged(`it has version ${version}, this library reads 1`);
    const digest = reader.text();
    if (digest !== (reference === null ? '' : referenceDigest(reference))) {
      throw errors.invalid('STATISTICS.OTHER_REFERENCE', 'The profile was taken against another reference.');
    }
    const count = reader.length(MAX_COLUMNS);
    const columns = Array.from({ length: count }, (_, i) => readColumn(reader, reference, i));
    reader.end();
    return new DatasetProfile(reference, columns);
  }

  #identity(): string {
    if (this.#identityText === null) {
      const columns = [...this.#columns.values()].map(({ name, kind }) => [name, kind]);
      this.#identityText = JSON.stringify([this.reference && referenceDigest(this.reference), columns]);
    }
    return this.#identityText;
  }
}

function readColumn(reader: ByteReader, reference: ReferenceProfile | null, index: number): ColumnProfile {
  const name = reader.text();
  const numeric = reader.byte() === 0;
  const column = reference?.columns[index] ?? null;
  if (column !== null && (column.name !== name || (column.kind === 'numeric') !== numeric)) {
    throw reader.damaged(`column '${name}' where the reference has '${column.name}'`);
  }
  if (numeric) return NumericProfile.read(reader, name, column?.kind === 'numeric' ? column : null);
  return CategoricalProfile.read(reader, name, column?.kind === 'categorical' ? column : null);
}
