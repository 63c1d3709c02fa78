import type { FramingRule } from './csv-scanner';

/** One record of a CSV file, split into fields or refused by how it is written. */
export type CsvRecord =
  | { readonly row: number; readonly line: number; readonly fields: readonly (string | null)[] }
  | { readonly row: number; readonly line: number; readonly rule: FramingRule; readonly shown: string };

/** What the first pass found. */
export interface CsvSurvey {
  readonly header: readonly string[];
  readonly records: number;
  /** Every record is one line of valid text with the right number of fields, no line is blank, all end alike. */
  readonly clean: boolean;
}

/** Where the bytes come from; called once for each pass. */
export type OpenCsv = () => AsyncIterable<Buffer>;

/** Reads the records of a CSV file in order, in bounded memory. */
export abstract class CsvReader {
  abstract read(open: OpenCsv, survey: CsvSurvey): AsyncIterable<readonly CsvRecord[]>;
}

/** The reader for files with refused records; it must give the same rows as any other on a clean one. */
export abstract class TolerantCsvReader extends CsvReader {}

/** The reader for clean files. It may fail where the tolerant one would not: then that one reads the file. */
export abstract class CleanCsvReader extends CsvReader {
  /** False while it reads another file: it takes one at a time. */
  abstract readonly free: boolean;
}
