const PADDING = 4;
const SIZE = 8.5;
const LINE = '#d4d9e0';
const SHADE = '#f1f3f6';
const INK = '#1c2430';

export interface TableContent {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Points. */
  readonly widths: readonly number[];
  readonly rowHeaders: boolean;
  /** No header row is shown. */
  readonly headless: boolean;
}

/**
 * Draws a table at the current place, page by page, under `parent` (Table, TR, TH, TD). Each element is attached before
 * it is filled: pdfkit draws at once only what hangs in the tree, and the rest later, on whatever page is then open.
 */
export function drawTable(
  pdf: PDFKit.PDFDocument,
  parent: PDFKit.PDFStructureElement,
  content: TableContent,
): void {
  const table = pdf.struct('Table');
  parent.add(table);
  const left = pdf.page.margins.left;
  const end = (): number => pdf.page.height - pdf.page.margins.bottom;
  const header = (repeated: boolean): void => {
    if (content.headless) return;
    drawRow(pdf, repeated ? null : table, content, content.header, left, 'header');
  };
  if (pdf.y + 3 * SIZE * 2 > end()) pdf.addPage();
  header(false);
  for (const cells of content.rows) {
    if (pdf.y + heightOf(pdf, content, cells, 'body') > end()) {
      pdf.addPage();
      header(true);
    }
    drawRow(pdf, table, content, cells, left, 'row');
  }
  table.end();
}

const textWidth = (width: number): number => width - 2 * PADDING;

function heightOf(
  pdf: PDFKit.PDFDocument,
  { widths, rowHeaders }: TableContent,
  cells: readonly string[],
  font: string,
): number {
  const heights = cells.map((text, at) =>
    pdf
      .font(rowHeaders && at === 0 ? 'bold' : font)
      .fontSize(SIZE)
      .heightOfString(text === '' ? ' ' : text, { width: textWidth(widths[at] ?? 60) }),
  );
  const room = pdf.page.height - pdf.page.margins.top - pdf.page.margins.bottom - 40;
  return Math.min(Math.max(SIZE, ...heights), room) + 2 * PADDING;
}

/** Without a table it is no content of its own (a header repeated on a further page) but an artifact. */
function drawRow(
  pdf: PDFKit.PDFDocument,
  table: PDFKit.PDFStructureElement | null,
  content: TableContent,
  cells: readonly string[],
  left: number,
  kind: 'header' | 'row',
): void {
  const top = pdf.y;
  const height = heightOf(pdf, content, cells, kind === 'header' ? 'bold' : 'body');
  const total = content.widths.reduce((sum, width) => sum + width, 0);
  pdf.markContent('Artifact', { type: 'Layout' });
  if (kind === 'header') pdf.rect(left, top, total, height).fill(SHADE);
  pdf
    .moveTo(left, top + height)
    .lineTo(left + total, top + height)
    .lineWidth(0.5)
    .strokeColor(LINE)
    .stroke();
  pdf.endMarkedContent();
  const row = table ? pdf.struct('TR') : null;
  if (row) table?.add(row);
  let x = left;
  for (const [at, width] of content.widths.entries()) {
    const named = kind === 'header' || (content.rowHeaders && at === 0);
    const from = x;
    const draw = (): void => {
      pdf
        .font(named ? 'bold' : 'body')
        .fontSize(SIZE)
        .fillColor(INK)
        .text(cells[at] ?? '', from + PADDING, top + PADDING, {
          width: textWidth(width),
          height: height - 2 * PADDING + 1,
          ellipsis: true,
        });
    };
    if (row) row.add(pdf.struct(named ? 'TH' : 'TD', {}, draw));
    else {
      pdf.markContent('Artifact', { type: 'Pagination' });
      draw();
      pdf.endMarkedContent();
    }
    x += width;
  }
  row?.end();
  pdf.x = left;
  pdf.y = top + height;
}
