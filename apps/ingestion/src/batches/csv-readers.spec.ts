import { DatasetContract } from '@steward/contracts';
import * as fc from 'fast-check';
import { IngestionConfig, IngestionSettings } from '../ingestion.config';
import { CsvParseReader } from './csv-parse-reader';
import type { CsvReader, CsvRecord } from './csv-reader';
import { DuckDbCsvReader } from './duckdb-csv-reader';
import { surveyCsv } from './survey-csv';

jest.setTimeout(60_000);
const limits = new IngestionConfig(IngestionSettings.parse({}));
const contract = DatasetContract.parse({
  dataset: 'd',
  columns: ['a', 'b', 'c'].map((name) => ({
    name,
    type: 'string',
    class: name === 'c' ? 'label' : 'feature',
  })),
  label: { column: 'c', positive: 'y', negative: 'n', favourable: 'n' },
});
const tolerant = new CsvParseReader(limits);
const duckdb = new DuckDbCsvReader(limits);
afterAll(() => duckdb.onModuleDestroy());

const opener = (text: string, step = 1000) =>
  async function* () {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  };

async function read(reader: CsvReader, text: string): Promise<CsvRecord[]> {
  const open = opener(text);
  const records: CsvRecord[] = [];
  for await (const some of reader.read(open, await surveyCsv(open, contract, limits))) records.push(...some);
  // An empty field is a missing one, whether a parser calls it null or not.
  return records.map((each) =>
    'fields' in each ? { ...each, fields: each.fields.map((text) => text ?? '') } : each,
  );
}

describe('the two CSV readers', () => {
  it('read every clean file alike', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', ' ', '1', '\t', "'", '#', '\\', '😀', ';'),
    });
    const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    const written = fc
      .tuple(text, fc.boolean())
      .map(([field, quote]) => (quote || /[",]/.test(field) ? quoted(field) : field));
    const row = fc.tuple(written, written, written).map((fields) => fields.join(','));
    const file = fc.record({
      rows: fc.array(row, { minLength: 1, maxLength: 60 }),
      end: fc.constantFrom('\n', '\r\n'),
      mark: fc.constantFrom('', '\uFEFF'),
      last: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ rows, end, mark, last }) => {
        const csv = `${mark}a,b,c${end}${rows.join(end)}${last ? end : ''}`;
        const survey = await surveyCsv(opener(csv, 13), contract, limits);
        fc.pre(survey.clean);
        expect(survey.records).toBe(rows.length);
        expect(await read(duckdb, csv)).toEqual(await read(tolerant, csv));
      }),
      { numRuns: 60 },
    );
  });

  it('calls no file clean that DuckDB could read otherwise', async () => {
    const clean = async (csv: string) => (await surveyCsv(opener(csv), contract, limits)).clean;
    expect(await clean('a,b,c\n1,2,3\n')).toBe(true);
    for (const csv of [
      'a,b,c\n1,2,3\n\n4,5,6\n',
      'a,b,c\n1,2,3\r\n4,5,6\n',
      'a,b,c\n1,"2\n",3\n',
      'a,b,c\n1,2,3\n4,5\n',
      'a,b,c\n1,2\rx,3\n',
      'a,b,c\n1,2,3\n\r\n',
    ]) {
      expect([csv, await clean(csv)]).toEqual([csv, false]);
    }
  });

  it('reads a large file in pieces, and one at a time', async () => {
    const csv = `a,b,c\n${Array.from({ length: 30_000 }, (_, at) => `${at},"x, ""y""",n`).join('\n')}\n`;
    const records = await read(duckdb, csv);
    expect(records).toHaveLength(30_000);
    expect(records.at(-1)).toEqual({ row: 30_000, line: 30_001, fields: ['29999', 'x, "y"', 'n'] });
    const open = opener(csv);
    const survey = await surveyCsv(open, contract, limits);
    const first = duckdb.read(open, survey);
    await first.next();
    expect(duckdb.free).toBe(false);
    await expect(duckdb.read(open, survey).next()).rejects.toThrow('another file');
    await first.return(undefined);
    expect(duckdb.free).toBe(true);
  });

  it('fails when its bytes end with a failure, instead of taking that for the end', async () => {
    const survey = { header: ['a', 'b', 'c'], records: 2, clean: true };
    const broken = async function* () {
      yield Buffer.from('a,b,c\n1,2,3\n');
      throw new Error('the seal is broken');
    };
    const drain = async () => {
      for await (const _ of duckdb.read(broken, survey)) continue;
    };
    await expect(drain()).rejects.toThrow('seal');
  });
});
