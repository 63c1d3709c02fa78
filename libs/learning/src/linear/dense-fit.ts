import { errors } from '@steward/kernel';
import { encodeRows, featureColumns, widthOf } from '../pipeline/encode';
import type { Supervision } from '../pipeline/fit-target-encoder';
import { denseEncoding, type EncodingSpec } from '../pipeline/encoding-spec';
import { fitEncoders, type FittedEncoding } from '../pipeline/fit-encoders';
import type { Table } from '../table/table';

/** Dense rows. */
export interface DenseRows {
  readonly rows: number;
  readonly features: number;
  /** Row-major [rows, features], all finite. */
  readonly values: Float64Array;
}

/** Encoders and the dense rows that they make of the training table. */
export interface DenseData extends DenseRows {
  readonly encoding: FittedEncoding;
}

const MOST_VALUES = 2 ** 28;

/** Encodes a table for a linear model. Throws LEARNING.NOT_FINITE, naming the column, if a value is not finite. */
export function denseData(table: Table, spec: EncodingSpec, supervision: Supervision): DenseData {
  const encoding = fitEncoders(table, spec, denseEncoding, supervision);
  const features = widthOf(encoding.encoders);
  if (table.rows * features > MOST_VALUES) {
    throw errors.limit('LEARNING.DATA_TOO_LARGE', `${table.rows} rows of ${features} features are too many.`);
  }
  const values = encodeRows(encoding.encoders, table, 0, table.rows, encoding.trained);
  checkFiniteRows(encoding, table, values);
  return { encoding, rows: table.rows, features, values };
}

/** Throws LEARNING.NOT_FINITE, naming the column, if an encoded value of the table's rows is not finite. */
export function checkFiniteRows(encoding: FittedEncoding, table: Table, values: Float64Array): void {
  const features = widthOf(encoding.encoders);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const { name } = featureColumns(encoding.encoders, table).features[bad % features]!;
    throw errors.invalid(
      'LEARNING.NOT_FINITE',
      `Column "${name}" is missing or infinite in row ${Math.floor(bad / features)}; impute or drop it.`,
      { details: { column: name } },
    );
  }
}
