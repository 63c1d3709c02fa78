import { Injectable } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { parse } from 'csv-parse/sync';
import { IngestionLimits } from '../ingestion-limits';
import { TolerantCsvReader, type CsvRecord, type CsvSurvey, type OpenCsv } from './csv-reader';
import { CsvScanner, type ScannedRecord } from './csv-scanner';

/** Records that are split into fields at once. */
const AT_ONCE = 1000;
const LINE_FEED = Buffer.from('\n');

/**
 * Reads any file. The scanner sets apart what cannot be split and knows the line of the rest, which csv-parse splits.
 */
@Injectable()
export class CsvParseReader extends TolerantCsvReader {
  constructor(private readonly limits: IngestionLimits) {
    super();
  }

  async *read(open: OpenCsv, survey: CsvSurvey): AsyncGenerator<readonly CsvRecord[]> {
    const scanner = new CsvScanner(this.limits.longestRow, null);
    let held: ScannedRecord[] = [];
    let row = 0;
    const flush = (): CsvRecord[] => {
      const records = split(held, row + 1, survey.header.length);
      row += held.length;
      held = [];
      return records;
    };
    for await (const chunk of withEnd(open(), scanner)) {
      for (const record of chunk) {
        if (scanner.expectedFields === null) scanner.expectedFields = survey.header.length;
        else held.push(record);
        if (held.length >= AT_ONCE) yield flush();
      }
    }
    if (held.length > 0) yield flush();
  }
}

async function* withEnd(
  bytes: AsyncIterable<Buffer>,
  scanner: CsvScanner,
): AsyncGenerator<Iterable<ScannedRecord>> {
  for await (const chunk of bytes) yield scanner.scan(chunk);
  yield scanner.end();
}

function split(records: readonly ScannedRecord[], firstRow: number, width: number): CsvRecord[] {
  const whole = records.filter((record) => record.rule === null);
  const text = Buffer.concat(whole.flatMap((record) => [record.bytes, LINE_FEED]));
  const fields = parse(text, { record_delimiter: '\n', skip_empty_lines: false, relax_column_count: false });
  if (fields.length !== whole.length || fields.some((each) => each.length !== width)) {
    throw errors.internal(
      'INGESTION.CSV_DISAGREEMENT',
      'The scanner and the parser read the file differently.',
    );
  }
  let next = 0;
  return records.map(({ rule, line, bytes, fields: found }, at): CsvRecord => {
    const row = firstRow + at;
    if (rule === null) return { row, line, fields: fields[next++] ?? [] };
    // The text itself may hold an identifier that no column marks: only its shape is told.
    const shown = rule === 'fields' ? `${found} fields instead of ${width}` : `${bytes.length} bytes`;
    return { row, line, rule, shown: rule === 'rowLength' ? 'longer than a row may be' : shown };
  });
}
