import { PdfDocument } from '@steward/documents';
import { moment, short } from '../blocks';
import { missingOf, type Block, type Report } from '../report';
import { describeChart } from './words';

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
    ['Period', `${moment(period.from)} to ${moment(period.to)} UTC`],
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
      pdf.paragraph(block.caption, 'quiet');
      pdf.table(
        [...block.columns, ...(proved ? ['evidence'] : [])],
        block.rows.map(({ cells, source }) => [
          ...cells,
          ...(proved ? [source ? short(source.digest) : ''] : []),
        ]),
        { rowHeaders: true },
      );
    }
  }
}
