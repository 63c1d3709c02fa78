import PdfKit from 'pdfkit';
import { fontFiles } from './font-files';
import type { LineChart } from './line-chart';
import { CHART_HEIGHT, drawLineChart } from './pdf-line-chart';
import { drawTable } from './pdf-table';

/** What stands in the document's properties; screen readers announce title and language. */
export interface PdfProperties {
  readonly title: string;
  /** BCP 47. Default `en-GB`. */
  readonly language?: string;
  readonly subject?: string;
  /** When it was made; the same content and time give the same bytes but for the file id. Default: now. */
  readonly createdAt?: Date;
}

export const PAGE_MARGIN = 56;
const SIZES = { 1: 20, 2: 14, 3: 11.5 } as const;
export const BODY_SIZE = 9.5;
/** A caption, a header and two rows. */
const CAPTION_ROOM = 110;
const INK = '#1c2430';
const QUIET = '#5a6472';

/**
 * A report as an accessible PDF: A4, tagged (PDF/UA-1: headings, paragraphs, tables with header cells in reading order,
 * title, language), its fonts embedded, each page numbered. What is written comes below what stands.
 *
 * ```ts
 * const pdf = new PdfDocument({ title: 'Model card' });
 * pdf.heading(1, 'Model card').paragraph('...').table(['metric', 'value'], [['AUC', '0.81']]);
 * await pdf.finish(); // Buffer
 * ```
 */
export class PdfDocument {
  private readonly pdf: PDFKit.PDFDocument;
  private readonly root: PDFKit.PDFStructureElement;
  private readonly chunks: Buffer[] = [];
  private readonly ended: Promise<void>;

  constructor(private readonly properties: PdfProperties) {
    const { title, language = 'en-GB', subject, createdAt } = properties;
    this.pdf = new PdfKit({
      size: 'A4',
      margins: { top: PAGE_MARGIN, left: PAGE_MARGIN, right: PAGE_MARGIN, bottom: PAGE_MARGIN + 14 },
      pdfVersion: '1.7',
      // The types do not know this value yet.
      subset: 'PDF/UA' as never,
      tagged: true,
      lang: language,
      displayTitle: true,
      bufferPages: true,
      info: {
        Title: title,
        ...(subject === undefined ? {} : { Subject: subject }),
        Creator: 'Steward',
        CreationDate: createdAt ?? new Date(),
      },
    });
    this.ended = new Promise((resolve, reject) => {
      this.pdf.on('data', (chunk: Buffer) => this.chunks.push(chunk));
      this.pdf.on('end', () => resolve());
      this.pdf.on('error', reject);
    });
    const fonts = fontFiles();
    this.pdf.registerFont('body', fonts.regular);
    this.pdf.registerFont('bold', fonts.bold);
    this.pdf.registerFont('mono', fonts.mono);
    this.root = this.pdf.struct('Document');
    this.pdf.addStructure(this.root);
    this.pdf.font('body').fontSize(BODY_SIZE).fillColor(INK);
  }

  /** Level 1 is the document's own title. Levels are not skipped: readers navigate by them. */
  heading(level: 1 | 2 | 3, text: string): this {
    // A heading never stands alone at the end of a page.
    if (this.pdf.y > this.pdf.page.height - PAGE_MARGIN * 3.9) this.pdf.addPage();
    if (this.pdf.y > PAGE_MARGIN) this.pdf.moveDown(level === 1 ? 0.6 : 0.9);
    this.write(`H${level}`, text, 'bold', SIZES[level]);
    this.pdf.moveDown(0.35);
    return this;
  }

  paragraph(text: string, style: 'normal' | 'quiet' | 'mono' = 'normal'): this {
    this.pdf.fillColor(style === 'quiet' ? QUIET : INK);
    this.write('P', text, style === 'mono' ? 'mono' : 'body', style === 'mono' ? 8 : BODY_SIZE);
    this.pdf.fillColor(INK).moveDown(0.5);
    return this;
  }

  /** A list of points. */
  list(items: readonly string[]): this {
    const list = this.pdf.struct('L');
    this.root.add(list);
    for (const item of items) {
      list.add(
        this.pdf.struct('LI', {}, [
          this.pdf.struct('LBody', {}, () => {
            this.pdf
              .font('body')
              .fontSize(BODY_SIZE)
              .text(`•  ${clean(item)}`, PAGE_MARGIN + 8, this.pdf.y, {
                width: this.width - 8,
                lineGap: 1.5,
              });
          }),
        ]),
      );
    }
    list.end();
    this.pdf.x = PAGE_MARGIN;
    this.pdf.moveDown(0.5);
    return this;
  }

  /** Label and value, a table of two columns. */
  facts(pairs: readonly (readonly [string, string])[]): this {
    return this.table(['', ''], pairs, { widths: [0.28, 0.72], rowHeaders: true, headless: true });
  }

  /**
   * A table whose header row is repeated on each page. Texts wrap; `widths` are shares of the line (default: equal).
   * `rowHeaders`: the first cell of a row names it. `caption` stays with the first rows.
   */
  table(
    header: readonly string[],
    rows: readonly (readonly string[])[],
    options: {
      widths?: readonly number[];
      rowHeaders?: boolean;
      headless?: boolean;
      caption?: string;
    } = {},
  ): this {
    if (options.caption !== undefined) {
      if (this.pdf.y + CAPTION_ROOM > this.pdf.page.height - this.pdf.page.margins.bottom) this.pdf.addPage();
      this.paragraph(options.caption, 'quiet');
    }
    const widths = (options.widths ?? header.map(() => 1 / header.length)).map((share) => share * this.width);
    drawTable(this.pdf, this.root, {
      header: header.map(clean),
      rows: rows.map((row) => row.map(clean)),
      widths,
      rowHeaders: options.rowHeaders ?? false,
      headless: options.headless ?? false,
    });
    this.pdf.x = PAGE_MARGIN;
    this.pdf.moveDown(0.8);
    return this;
  }

  /** A chart below its caption; `alternative` tells in words what it shows. */
  lineChart(chart: LineChart, alternative: string): this {
    // The caption stays with its chart.
    if (this.pdf.y + CHART_HEIGHT + 60 > this.pdf.page.height - this.pdf.page.margins.bottom)
      this.pdf.addPage();
    this.paragraph(chart.caption, 'quiet');
    drawLineChart(this.pdf, this.root, chart, alternative, this.width);
    this.pdf.moveDown(0.6);
    return this;
  }

  pageBreak(): this {
    this.pdf.addPage();
    return this;
  }

  /** Numbers the pages and gives the file. Nothing can be written after it. */
  async finish(): Promise<Buffer> {
    this.root.end();
    const { start, count } = this.pdf.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.pdf.switchToPage(start + page);
      this.footer(`${clean(this.properties.title)}   ·   page ${page + 1} of ${count}`);
    }
    this.pdf.end();
    await this.ended;
    return Buffer.concat(this.chunks);
  }

  private get width(): number {
    return this.pdf.page.width - 2 * PAGE_MARGIN;
  }

  private write(type: string, text: string, font: string, size: number): void {
    const element = this.pdf.struct(type, {}, () => {
      this.pdf.font(font).fontSize(size).text(clean(text), PAGE_MARGIN, this.pdf.y, {
        width: this.width,
        lineGap: 1.5,
      });
    });
    this.root.add(element);
    element.end();
  }

  /** Not content: readers skip it. */
  private footer(text: string): void {
    const { page } = this.pdf;
    const { bottom } = page.margins;
    page.margins.bottom = 0;
    this.pdf.markContent('Artifact', { type: 'Pagination' });
    this.pdf
      .font('body')
      .fontSize(7.5)
      .fillColor(QUIET)
      .text(text, PAGE_MARGIN, page.height - PAGE_MARGIN + 8, { width: this.width, lineBreak: false });
    this.pdf.endMarkedContent();
    page.margins.bottom = bottom;
  }
}

/** Control characters have no glyph and could not be read aloud. */
const clean = (text: string): string => text.replaceAll(/(?!\n)\p{Cc}/gu, ' ');
