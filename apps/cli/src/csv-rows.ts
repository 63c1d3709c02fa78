import { errors } from '@steward/kernel';
import { CsvError, parse } from 'csv-parse';
import { openFile } from './read-input';

export type CsvRow = Readonly<Record<string, string>>;

/** The rows of a CSV file with a header line, so many at a time. Throws CLI.CSV_BROKEN with the place. */
export async function* csvChunks(file: string, size: number): AsyncGenerator<CsvRow[]> {
  const { bytes } = openFile(file);
  const parser = bytes.pipe(
    parse({ columns: true, bom: true, skip_empty_lines: true, max_record_size: 1_000_000 }),
  );
  bytes.on('error', (error) => parser.destroy(error));
  let chunk: CsvRow[] = [];
  try {
    for await (const row of parser as AsyncIterable<CsvRow>) {
      chunk.push(row);
      if (chunk.length < size) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw errors.invalid('CLI.CSV_BROKEN', `${file} is no clean CSV file: ${error.message}.`);
  } finally {
    bytes.destroy();
  }
}

/** Throws CLI.COLUMN_MISSING unless the row has these columns. */
export function requireColumns(file: string, row: CsvRow, names: readonly string[]): void {
  const missing = names.filter((name) => !(name in row));
  if (missing.length === 0) return;
  throw errors.invalid(
    'CLI.COLUMN_MISSING',
    `${file} has no column ${missing.join(', ')}; it has ${Object.keys(row).join(', ')}.`,
  );
}
