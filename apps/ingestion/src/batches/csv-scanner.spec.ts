import * as fc from 'fast-check';
import { CsvScanner, type ScannedRecord } from './csv-scanner';

function scanned(
  bytes: Buffer | string,
  options: { fields?: number; longestRow?: number; step?: number } = {},
) {
  const { fields = 3, longestRow = 100, step = 7 } = options;
  const scanner = new CsvScanner(longestRow, fields);
  const whole = Buffer.from(bytes as string);
  const records: ScannedRecord[] = [];
  for (let at = 0; at < whole.length; at += step)
    records.push(...scanner.scan(whole.subarray(at, at + step)));
  records.push(...scanner.end());
  return { scanner, records };
}

const told = (records: readonly ScannedRecord[]) =>
  records.map(({ line, rule, bytes }) => [line, rule, bytes.toString()]);

describe('CsvScanner', () => {
  it('cuts lines, whatever ends them, and strips the byte order mark', () => {
    expect(told(scanned('\uFEFFa,b,c\r\n1,2,3\n4,5,6').records)).toEqual([
      [1, null, 'a,b,c'],
      [2, null, '1,2,3'],
      [3, null, '4,5,6'],
    ]);
  });

  it('counts blank lines as lines and not as records', () => {
    const { scanner, records } = scanned('1,2,3\n\n\r\n4,5,6\n\n');
    expect(told(records)).toEqual([
      [1, null, '1,2,3'],
      [4, null, '4,5,6'],
    ]);
    expect(scanner).toMatchObject({ lines: 5, blankLines: 3, mixedEnds: true });
  });

  it('takes quoted commas, quotes and line breaks as one record', () => {
    expect(told(scanned('1,"a ""b"", c\r\n d",3\n4,5,6\n').records)).toEqual([
      [1, null, '1,"a ""b"", c\r\n d",3'],
      [3, null, '4,5,6'],
    ]);
  });

  it('makes each line that a quote swallowed a record of its own', () => {
    expect(told(scanned('1,2,3\n4,"5,6\n7,8,9\n\n1,2,3').records)).toEqual([
      [1, null, '1,2,3'],
      [2, 'quote', '4,"5,6'],
      [3, 'quote', '7,8,9'],
      [4, 'quote', ''],
      [5, 'quote', '1,2,3'],
    ]);
  });

  it('goes on after text behind a closing quote, a quote inside a field, and an open quote that is too long', () => {
    expect(told(scanned('1,"2,3\n4,"5",6\n1,2,3\n').records)).toEqual([
      [1, 'quote', '1,"2,3'],
      [2, 'quote', '4,"5",6'],
      [3, null, '1,2,3'],
    ]);
    expect(told(scanned('1,2"2,3\n4,5,6\n').records)).toEqual([
      [1, 'quote', '1,2"2,3'],
      [2, null, '4,5,6'],
    ]);
    expect(told(scanned('1,"2,3\n4,5,6\n7,8,9\n1,2,3\n', { longestRow: 14 }).records)).toEqual([
      [1, 'quote', '1,"2,3'],
      [2, 'quote', '4,5,6'],
      [3, null, '7,8,9'],
      [4, null, '1,2,3'],
    ]);
  });

  it('takes a record of several lines with a wrong number of fields for a broken quote', () => {
    expect(told(scanned('1,"2,3\n4,5",6,7\n1,2,3\n').records)).toEqual([
      [1, 'quote', '1,"2,3'],
      [2, 'quote', '4,5",6,7'],
      [3, null, '1,2,3'],
    ]);
  });

  it('refuses rows that are too long, have other fields, are no UTF-8 or hold a NUL', () => {
    const long = 'x'.repeat(300);
    expect(told(scanned(`1,2,3\n${long}\n4,5,6\n1,2\n`, { longestRow: 50 }).records)).toEqual([
      [1, null, '1,2,3'],
      [2, 'rowLength', ''],
      [3, null, '4,5,6'],
      [4, 'fields', '1,2'],
    ]);
    const bytes = Buffer.concat([
      Buffer.from('1,'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(',3\n1,\0,3\n1,é,3\n'),
    ]);
    expect(scanned(bytes).records.map((record) => record.rule)).toEqual(['encoding', 'encoding', null]);
  });

  it('gives back whatever fields were written, in chunks of any size', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', '1') });
    const write = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 3, maxLength: 3 })),
        fc.integer({ min: 1, max: 50 }),
        (rows, step) => {
          const text = rows.map((row) => `${row.map(write).join(',')}\n`).join('');
          const { records } = scanned(text, { step, longestRow: 10_000 });
          expect(records.map((record) => `${record.bytes.toString()}\n`).join('')).toBe(text);
          expect(records.map((record) => record.rule)).toEqual(rows.map(() => null));
        },
      ),
    );
  });

  it('never loses a line of any text: blank lines and the lines of all records are all lines', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', '1') });
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 4, max: 30 }),
        (csv, step, longestRow) => {
          const { scanner, records } = scanned(csv, { step, longestRow });
          const lines = csv === '' ? 0 : csv.split('\n').length - (csv.endsWith('\n') ? 1 : 0);
          expect(scanner.lines).toBe(lines);
          expect(records.reduce((sum, record) => sum + record.lines, 0) + scanner.blankLines).toBe(lines);
        },
      ),
    );
  });
});
