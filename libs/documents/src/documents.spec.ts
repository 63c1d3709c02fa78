import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { csvText, lineChartSvg, PdfDocument, zipFiles } from './index';
import { layoutLineChart } from './line-chart';

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

describe('a line chart', () => {
  const chart = {
    caption: 'AUC by window',
    labels: ['w1', 'w2', 'w3', 'w4'],
    series: [
      { name: 'AUC', values: [0.7, null, 0.75, 0.8] },
      { name: '<accuracy>', values: [0.9, 0.9, 0.9, 0.9] },
    ],
    bound: { label: 'bound 0.2', value: 0.2 },
  };

  it('breaks a line where nothing was measured, and covers values and bound with round ticks', () => {
    const layout = layoutLineChart(chart, 640, 220);
    expect(layout.lines.map(({ stretches }) => stretches.map((points) => points.length))).toEqual([
      [1, 2],
      [4],
    ]);
    expect(layout.ticks.map(({ text }) => text)).toEqual(['0.2', '0.4', '0.6', '0.8', '1']);
    const heights = layout.lines.flatMap(({ stretches }) => stretches.flat().map(({ y }) => y));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(layout.plot.top);
    expect(Math.max(...heights)).toBeLessThanOrEqual(layout.plot.bottom);
    expect(layout.bound!.y).toBeCloseTo(layout.plot.bottom);
  });

  it.each([
    ['nothing', [], []],
    ['one value', ['a'], [5]],
    ['equal values', ['a', 'b'], [0, 0]],
    ['nothing measured', ['a', 'b'], [null, null]],
    ['huge and tiny values', ['a', 'b', 'c'], [-1e12, 1e-9, 1e12]],
  ])('lays out %s', (_, labels, values) => {
    const svg = lineChartSvg({ caption: 'c', labels, series: [{ name: 's', values }] }, 'words');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is drawn as SVG with its words, and text stays text', () => {
    const svg = lineChartSvg({ ...chart, bound: { label: '<script>', value: 0.2 } }, 'in "words" <b>');
    expect(svg).toContain('aria-label="in &quot;words&quot; &lt;b&gt;"');
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('stroke-dasharray');
  });

  it('is a figure with an alternative text in a PDF', async () => {
    const pdf = await new PdfDocument({ title: 't', createdAt: AT })
      .heading(1, 't')
      .lineChart(chart, 'AUC rises to 0.8')
      .finish();
    const text = readable(pdf);
    expect(text).toMatch(/\/S \/Figure/);
    expect(text).toMatch(/\/Alt/);
  });
});
