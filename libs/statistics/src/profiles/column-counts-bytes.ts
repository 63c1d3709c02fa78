import type { ColumnCounts } from '../reference/column-counter';
import type { ByteReader } from '../serialisation/byte-reader';
import type { ByteWriter } from '../serialisation/byte-writer';

/** Exact counts as integers; the name and the number of cells come from the reference. */
export function writeCounts(writer: ByteWriter, counts: ColumnCounts): void {
  for (const count of counts.counts) writer.integer(count);
  writer
    .integer(counts.missing)
    .integer(counts.outOfRange)
    .integer(counts.nonFinite)
    .integer(counts.wrongType);
}

export function readCounts(reader: ByteReader, name: string, cells: number): ColumnCounts {
  const counts = Array.from({ length: cells }, () => reader.integer());
  const [missing, outOfRange] = [reader.integer(), reader.integer()];
  const [nonFinite, wrongType] = [reader.integer(), reader.integer()];
  const rows = counts.reduce((sum, count) => sum + count, missing);
  return { name, counts, missing, outOfRange, nonFinite, wrongType, rows };
}
