import { errors } from '@steward/kernel';
import type {
  CategoricalColumn,
  CategoryEncoder as FittedCategories,
  FittedEncoder,
  PipelineInput,
} from '@steward/learning';

import { BinsEncoder, DatePartsEncoder, NumberEncoder } from './number-encoders';

/** One value of a row: number, time in milliseconds, boolean or category. null, undefined, NaN and '' are missing. */
export type Cell = number | string | boolean | null | undefined;

/** The values of one input, row by row: a list of cells, a typed array (booleans: 0, 1, 255 = missing), or codes. */
export type InputColumn = ArrayLike<Cell> | Pick<CategoricalColumn, 'codes' | 'categories'>;

/** Writes the features that one encoder makes. */
export interface CellEncoder {
  /** The features of one value, from `at` on. */
  cell(value: Cell, dense: Float64Array, at: number): void;
  /** The features of rows `first` to `first + count - 1`, `stride` apart, from `at` on. */
  column(
    values: InputColumn,
    first: number,
    count: number,
    dense: Float64Array,
    at: number,
    stride: number,
  ): void;
}

/** Compiles an encoder for the input that it reads. */
export function compileEncoder(encoder: FittedEncoder, input: PipelineInput): CellEncoder {
  switch (encoder.kind) {
    case 'number':
      return new NumberEncoder(encoder, input);
    case 'bins':
      return new BinsEncoder(encoder, input);
    case 'date-parts':
      return new DatePartsEncoder(encoder, input);
    case 'one-hot':
    case 'ordinal':
    case 'lookup':
    case 'hashing':
      return new CategoryEncoder(encoder);
  }
}

class CategoryEncoder implements CellEncoder {
  private readonly indices: ReadonlyMap<string, number>;
  private readonly unknown: number;
  private readonly missing: number;
  /** Feature value by index; null for one-hot and hashing, whose index is the feature that is 1. */
  private readonly table: Float64Array | null;
  /** What the codes of a column mean here, kept as long as its list of categories lives. */
  private readonly translations = new WeakMap<readonly string[], Int32Array>();

  constructor(private readonly encoder: FittedCategories) {
    const { categories } = encoder;
    const hashed = encoder.kind === 'hashing' ? encoder : null;
    this.indices = new Map(categories.map((category, i) => [category, hashed ? hashed.buckets[i]! : i]));
    this.unknown = hashed ? hashed.unknown : categories.length;
    this.missing =
      encoder.kind === 'one-hot'
        ? (encoder.missing ?? categories.length)
        : (hashed?.width ?? categories.length + 1);
    this.table = valueTable(encoder);
  }

  cell(value: Cell, dense: Float64Array, at: number): void {
    this.write(this.indexOf(value), dense, at);
  }

  column(
    values: InputColumn,
    first: number,
    count: number,
    dense: Float64Array,
    at: number,
    stride: number,
  ): void {
    if (!('codes' in values)) {
      for (let i = 0; i < count; i++) this.cell(values[first + i], dense, at + i * stride);
      return;
    }
    const translation = this.translate(values.categories);
    for (let i = 0; i < count; i++) {
      const code = values.codes[first + i]!;
      this.write(code < 0 ? this.missing : translation[code]!, dense, at + i * stride);
    }
  }

  private indexOf(value: Cell): number {
    if (typeof value === 'string')
      return this.indices.get(value) ?? (value === '' ? this.missing : this.unknown);
    if (value === null || value === undefined) return this.missing;
    throw errors.invalid(
      'ONNX.BAD_CELL',
      `The input ${this.encoder.input} is categorical; it cannot take a ${typeof value}.`,
      { details: { input: this.encoder.input } },
    );
  }

  private translate(categories: readonly string[]): Int32Array {
    let translation = this.translations.get(categories);
    if (translation === undefined || translation.length !== categories.length) {
      translation = Int32Array.from(categories, (category) => this.indexOf(category));
      this.translations.set(categories, translation);
    }
    return translation;
  }

  private write(index: number, dense: Float64Array, at: number): void {
    if (this.table !== null) {
      dense[at] = this.table[index]!;
      return;
    }
    const { width } = this.encoder;
    for (let i = 0; i < width; i++) dense[at + i] = 0;
    if (index < width) dense[at + index] = 1;
  }
}

function valueTable(encoder: FittedCategories): Float64Array | null {
  switch (encoder.kind) {
    case 'one-hot':
    case 'hashing':
      return null;
    case 'ordinal':
      return Float64Array.from([...encoder.categories.keys(), encoder.unknown, Number.NaN]);
    case 'lookup':
      return Float64Array.from([...encoder.values, encoder.unknown, encoder.missing]);
  }
}
