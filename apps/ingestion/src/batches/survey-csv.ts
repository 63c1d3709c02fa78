import type { DatasetContract } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { parse } from 'csv-parse/sync';
import type { CsvSurvey, OpenCsv } from './csv-reader';
import { CsvScanner, type ScannedRecord } from './csv-scanner';

/**
 * The first pass over a file: its header, and whether it is clean. Throws INGESTION.NOT_UTF8, INGESTION.NO_HEADER,
 * INGESTION.HEADER_BROKEN, INGESTION.HEADER_MISMATCH, INGESTION.NO_RECORDS, INGESTION.TOO_MANY_ROWS: all before any row
 * was looked at.
 */
export async function surveyCsv(
  open: OpenCsv,
  contract: DatasetContract,
  limits: { longestRow: number; mostRows: number },
): Promise<CsvSurvey> {
  const scanner = new CsvScanner(limits.longestRow, null);
  let header: string[] | null = null;
  let records = 0;
  let clean = true;
  const take = (record: ScannedRecord): void => {
    if (!header) {
      header = readHeader(record, contract);
      scanner.expectedFields = header.length;
      return;
    }
    records += 1;
    if (record.rule !== null || record.lines > 1) clean = false;
    if (records > limits.mostRows) throw tooManyRows(limits.mostRows);
  };
  let first = true;
  for await (const chunk of open()) {
    if (first && chunk.length > 0) {
      refuseUtf16(chunk);
      first = false;
    }
    for (const record of scanner.scan(chunk)) take(record);
  }
  for (const record of scanner.end()) take(record);
  if (!header)
    throw errors.invalid('INGESTION.NO_HEADER', 'The file is empty. Its first line must name the columns.');
  if (records === 0) throw errors.invalid('INGESTION.NO_RECORDS', 'The file holds a header and no records.');
  return { header, records, clean: clean && scanner.blankLines === 0 && !scanner.mixedEnds };
}

function refuseUtf16(chunk: Buffer): void {
  const [one, two] = chunk;
  if ((one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff)) {
    throw errors.invalid('INGESTION.NOT_UTF8', 'The file is UTF-16. Save it as UTF-8.');
  }
}

function readHeader(record: ScannedRecord, contract: DatasetContract): string[] {
  if (record.rule !== null) {
    throw errors.invalid(
      'INGESTION.HEADER_BROKEN',
      `The header (line ${record.line}) cannot be read: ${explain(record)} Its fields name the columns.`,
    );
  }
  const [names = []] = parse(record.bytes);
  const wanted = contract.columns.map((column) => column.name);
  if (!names.some((name) => wanted.includes(name))) {
    // Then the line is probably no header but a record: its values must not be repeated in a message.
    throw errors.invalid(
      'INGESTION.HEADER_MISMATCH',
      `The first line names none of the contract's columns. It must be a header: ${told('columns', wanted)}`,
    );
  }
  const missing = wanted.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !wanted.includes(name));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  const faults = [
    told('It lacks', missing),
    told('The contract does not know', unknown),
    told('It names twice', twice),
  ].filter((sentence) => sentence !== '');
  if (faults.length === 0) return names;
  throw errors.invalid(
    'INGESTION.HEADER_MISMATCH',
    `The header does not fit the contract. ${faults.join(' ')}`,
    {
      details: { missing, unknown: unknown.slice(0, 20).map(short), twice: twice.map(short) },
    },
  );
}

function explain(record: ScannedRecord): string {
  if (record.rule === 'quote') return 'a quote is broken.';
  if (record.rule === 'encoding') return 'it is not UTF-8 or holds a NUL.';
  return 'it is too long.';
}

/** Twenty names at most: a file of another kind may have any number, of any length. */
function told(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  return `${what} ${names
    .slice(0, 20)
    .map((name) => `"${short(name)}"`)
    .join(', ')}${more}.`;
}

const short = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}...` : name);

const tooManyRows = (most: number): Error =>
  errors.limit(
    'INGESTION.TOO_MANY_ROWS',
    `The file holds more than ${most} records. Split it into batches.`,
    {
      details: { most },
    },
  );
