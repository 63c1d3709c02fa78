import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { csvText, PdfDocument, zipFiles } from './index';

const AT = new Date('2026-01-02T03:04:05Z');

async function sample(rows: number): Promise<Buffer> {
  return new PdfDocument({ title: 'Report on Ωmega', createdAt: AT })
    .heading(1, 'Report on Ωmega')
    .paragraph('A paragraph with Ελληνικά and Кириллица.')
    .list(['first', 'second'])
    .facts([['Model', 'approval version 3']])
    .table(
      ['metric', 'value'],
      Array.from({ length: rows }, (_, at) => [`metric ${at}`, 'a long text that wraps '.repeat(4)]),
    )
    .finish();
}

/** All streams, decoded where they are compressed. */
function streams(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  const parts: string[] = [];
  for (const match of text.matchAll(/stream\n/g)) {
    const from = match.index + match[0].length;
    const to = text.indexOf('\nendstream', from);
    try {
      parts.push(inflateSync(pdf.subarray(from, to)).toString('latin1'));
    } catch {
      parts.push(text.slice(from, to));
    }
  }
  return parts;
}

/** The text of all streams, and of the objects around them. */
const readable = (pdf: Buffer): string => [pdf.toString('latin1'), ...streams(pdf)].join('\n');

describe('a PDF', () => {
  it('is tagged, names its language and title, and embeds its fonts', async () => {
    const text = readable(await sample(3));
    expect(text.startsWith('%PDF-1.7')).toBe(true);
    expect(text).toContain('/MarkInfo');
    expect(text).toMatch(/\/Marked true/);
    expect(text).toContain('/StructTreeRoot');
    expect(text).toContain('/Lang (en-GB)');
    expect(text).toContain('/DisplayDocTitle true');
    expect(text).toContain('pdfuaid:part');
    expect(text).toContain('/FontFile2');
    for (const tag of ['/Document', '/H1', '/P', '/L', '/LI', '/LBody', '/Table', '/TR', '/TH', '/TD'])
      expect(text).toMatch(new RegExp(`/S ${tag}\\b`));
  });

  it('goes on over as many pages as its tables need', async () => {
    const pages = async (rows: number) =>
      ((await sample(rows)).toString('latin1').match(/\/Type \/Page\b(?!s)/g) ?? []).length;
    expect(await pages(3)).toBe(1);
    expect(await pages(120)).toBeGreaterThan(3);
    // Cells are drawn on the page on which their row stands: none is without any.
    const content = streams(await sample(120)).filter((stream) => stream.includes('Pagination'));
    expect(content).toHaveLength(await pages(120));
    for (const stream of content) expect(stream).toMatch(/\/T[DH] <</);
  });
});

describe('CSV', () => {
  it('quotes, and disarms formulas', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x,"y"', null],
          ['=1+1', -2],
          [true, 'l\nm'],
        ],
      ),
    ).toBe('a,b\n"x,""y""",\n\'=1+1,-2\ntrue,"l\nm"\n');
  });
});

describe('an archive', () => {
  it('holds the files, the same bytes for the same files, and refuses names that leave the folder', () => {
    const files = new Map([['data/rows.csv', Buffer.from('a\n1\n')]]);
    const zip = zipFiles(files, AT);
    expect(Buffer.from(unzipSync(zip)['data/rows.csv']!).toString()).toBe('a\n1\n');
    expect(zipFiles(files, AT)).toEqual(zip);
    for (const name of ['../x', '/x', 'a/../b', 'a\\b', ''])
      expect(() => zipFiles(new Map([[name, Buffer.of(1)]]), AT)).toThrow('named by letters');
  });
});
