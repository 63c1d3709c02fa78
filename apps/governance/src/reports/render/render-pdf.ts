import { PdfDocument } from '@steward/documents';
import { moment, short } from '../blocks';
import { missingOf, type Block, type Report } from '../report';
import { describeChart, periodText } from './words';

/** The report as an accessible PDF. */
export function renderPdf(report: Report): Promise<Buffer> {
  const { title, scope, period } = report;
  const about = [
    scope.project && `Project ${scope.project}`,
    scope.model && `model ${scope.model}`,
    scope.dataset && `data set ${scope.dataset}`,
  ];
  const pdf = new PdfDocument({ title, createdAt: new Date(report.issuedAt) });
  pdf.heading(1, title).paragraph(about.filter(Boolean).join(', ') || 'The whole installation', 'quiet');
  pdf.facts([
    ['Period', `From ${periodText(period)}`],
    ['Issued', `${moment(report.issuedAt)} UTC by ${report.issuedBy}`],
    ['Report', report.id],
  ]);
  pdf.paragraph(
    'Each row names its evidence by the first digits of its digest; the JSON file holds them whole. `steward report verify` checks this file offline.',
  );
  const missing = missingOf(report);
  if (missing.length > 0)
    pdf
      .heading(2, 'Missing')
      .list(missing.map(({ section, what, owedBy }) => `${section}: ${what}. Owed by ${owedBy}.`));
  for (const section of report.sections) {
    pdf.heading(2, section.basis ? `${section.title} (${section.basis})` : section.title);
    for (const block of section.blocks) add(pdf, block);
    for (const { what, owedBy } of section.missing) pdf.paragraph(`Missing: ${what}. Owed by ${owedBy}.`);
  }
  return pdf.finish();
}

function add(pdf: PdfDocument, block: Block): void {
  switch (block.type) {
    case 'text':
      pdf.paragraph(block.text);
      return;
    case 'facts':
      pdf.facts(
        block.facts.map(({ label, value, source }) => [
          label,
          source ? `${value}   [${short(source.digest)}]` : value,
        ]),
      );
      return;
    case 'chart':
      pdf.lineChart(block.chart, describeChart(block.chart));
      return;
    case 'table': {
      const proved = block.rows.some(({ source }) => source !== null);
      pdf.table(
        [...block.columns, ...(proved ? ['evidence'] : [])],
        block.rows.map(({ cells, source }) => [
          ...cells,
          ...(proved ? [source ? short(source.digest) : ''] : []),
        ]),
        { caption: block.caption, rowHeaders: true, widths: widthsOf(block, proved) },
      );
    }
  }
}

/** Points that a letter and the padding of a cell take, and those of the line. */
const LETTER = 6.2;
const PADDING = 9;
const LINE = 483;
/** Longer words (ids, digests) may be broken. */
const LONGEST_WORD = 13;

/** Shares of the line: words stay whole where there is room; what is left goes to the columns with the longest texts. */
function widthsOf({ columns, rows }: Block & { type: 'table' }, proved: boolean): number[] {
  const needs = columns.map((head, at) => {
    const texts = [head, ...rows.slice(0, 200).map(({ cells }) => cells[at] ?? '')];
    const word = Math.max(...texts.flatMap((text) => text.split(' ').map(({ length }) => length)));
    const whole = Math.max(...texts.map(({ length }) => length));
    return { least: Math.min(word, LONGEST_WORD) * LETTER + PADDING, wish: Math.sqrt(whole) };
  });
  if (proved) needs.push({ least: LONGEST_WORD * LETTER + PADDING, wish: 0 });
  const rest = Math.max(0, LINE - needs.reduce((sum, { least }) => sum + least, 0));
  const wishes = needs.reduce((sum, { wish }) => sum + wish, 0);
  const widths = needs.map(({ least, wish }) => least + (rest * wish) / wishes);
  const total = widths.reduce((sum, width) => sum + width, 0);
  return widths.map((width) => width / total);
}
