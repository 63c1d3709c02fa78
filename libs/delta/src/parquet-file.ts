import { parquetMetadata, parquetRead, type DecodedArray, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { DeltaValue } from './delta-rows';
import type { DeltaField, DeltaRows, DeltaSchema, DeltaType } from './delta-types';

const ELEMENT: Readonly<Record<DeltaType, Omit<SchemaElement, 'name'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  double: { type: 'DOUBLE' },
  long: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
};

/** In memory a `long` is a number and a time is milliseconds; in Parquet both are 64-bit integers. */
function toParquet(type: DeltaType, values: readonly DeltaValue[]): DecodedArray {
  if (type === 'long') return values.map((value) => (value === null ? null : BigInt(value)));
  if (type === 'timestamp') {
    return values.map((value) => (value === null ? null : BigInt(value) * 1000n));
  }
  return [...values];
}

/**
 * The bytes of a Parquet file, the same for the same rows. Every column is optional, so that a table may make a column
 * nullable later without rewriting its files.
 */
export function encodeParquet(schema: DeltaSchema, rows: DeltaRows): Buffer {
  const columns = schema.fields.map(({ name, type }): SchemaElement => ({
    ...ELEMENT[type],
    name,
    repetition_type: 'OPTIONAL',
  }));
  const bytes = parquetWriteBuffer({
    schema: [{ name: 'schema', num_children: columns.length }, ...columns],
    columnData: schema.fields.map(({ name, type }) => ({
      name,
      data: toParquet(type, rows.columns[name] ?? []),
    })),
    rowGroupSize: 100_000,
    createdBy: 'steward',
  });
  return Buffer.from(bytes);
}

const asArrayBuffer = (bytes: Buffer): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

// Times come as numbers of milliseconds instead of Dates. Microseconds of far years are beyond 2^53: divided as bigints.
const PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => Number(millis),
  timestampFromMicroseconds: (micros: bigint) => Number(micros / 1000n) + Number(micros % 1000n) / 1000,
  timestampFromNanoseconds: (nanos: bigint) => Number(nanos / 1000000n) + Number(nanos % 1000000n) / 1e6,
};

/** Number of rows in a Parquet file, from its footer. */
export function countParquetRows(bytes: Buffer): number {
  return Number(parquetMetadata(asArrayBuffer(bytes)).num_rows);
}

/** Names of a Parquet file's columns, in its order. */
export function parquetColumns(bytes: Buffer): string[] {
  return parquetMetadata(asArrayBuffer(bytes))
    .schema.slice(1)
    .map((element) => element.name);
}

/** The named columns of a Parquet file; a column that the file lacks is null throughout. */
export async function decodeParquet(bytes: Buffer, fields: readonly DeltaField[]): Promise<DeltaRows> {
  const file = asArrayBuffer(bytes);
  const metadata = parquetMetadata(file, { parsers: PARSERS });
  const rows = Number(metadata.num_rows);
  const held = new Set(metadata.schema.slice(1).map((element) => element.name));
  const columns: Record<string, DeltaValue[]> = Object.fromEntries(
    fields.map(({ name }) => [name, Array.from({ length: rows }, () => null)]),
  );
  const wanted = fields.map((field) => field.name).filter((name) => held.has(name));
  if (wanted.length > 0 && rows > 0) {
    await parquetRead({
      file,
      metadata,
      columns: wanted,
      compressors,
      parsers: PARSERS,
      onChunk: ({ columnName, columnData, rowStart }) =>
        fill(columns[columnName] ?? [], columnData, rowStart),
    });
  }
  return { rows, columns };
}

function fill(column: DeltaValue[], values: DecodedArray, rowStart: number): void {
  for (let at = 0; at < values.length; at += 1) {
    const value: unknown = values[at];
    column[rowStart + at] =
      value === undefined ? null : typeof value === 'bigint' ? Number(value) : (value as DeltaValue);
  }
}
