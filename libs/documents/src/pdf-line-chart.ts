import { layoutLineChart, type LineChart } from './line-chart';
import { DASHES } from './line-chart-svg';

export const CHART_HEIGHT = 150;
const LEGEND_HEIGHT = 14;
const PENS = ['#0a5bab', '#b35900', '#17703a', '#7a3e9d'] as const;
const GRID = '#d4d9e0';
const QUIET = '#5a6472';
const BOUND = '#b3261e';

/** Draws the chart at the current place; `alternative` is what a screen reader says in its place. */
export function drawLineChart(
  pdf: PDFKit.PDFDocument,
  parent: PDFKit.PDFStructureElement,
  chart: LineChart,
  alternative: string,
  width: number,
): void {
  const left = pdf.page.margins.left;
  const top = pdf.y;
  const figure = pdf.struct('Figure', { alt: alternative });
  parent.add(figure);
  figure.add(
    pdf.struct('Span', {}, () => {
      pdf.save();
      pdf.translate(left, top);
      drawLegend(pdf, chart);
      pdf.translate(0, LEGEND_HEIGHT);
      drawAll(pdf, chart, width);
      pdf.restore();
    }),
  );
  figure.end();
  pdf.x = left;
  pdf.y = top + LEGEND_HEIGHT + CHART_HEIGHT + 4;
}

/** A short stroke of each series' pen before its name. */
function drawLegend(pdf: PDFKit.PDFDocument, { series }: LineChart): void {
  let x = 4;
  for (const [at, { name }] of series.entries()) {
    strokeAs(pdf, at, () => pdf.moveTo(x, 4).lineTo(x + 16, 4));
    const text = name.length > 40 ? `${name.slice(0, 39)}\u2026` : name;
    pdf
      .font('body')
      .fontSize(7.5)
      .fillColor(QUIET)
      .text(text, x + 20, 0, { lineBreak: false });
    x += 32 + pdf.widthOfString(text);
  }
}

/** Strokes a path as the series' lines are: by colour and by dashes. */
function strokeAs(pdf: PDFKit.PDFDocument, at: number, path: () => void): void {
  const [dash, space = dash] = DASHES[at % DASHES.length]!;
  if (dash === undefined) pdf.undash();
  else pdf.dash(dash, { space: space! });
  path();
  pdf
    .lineWidth(1.2)
    .strokeColor(PENS[at % PENS.length]!)
    .stroke()
    .undash();
}

function drawAll(pdf: PDFKit.PDFDocument, chart: LineChart, width: number): void {
  const { plot, ticks, places, lines, bound } = layoutLineChart(chart, width, CHART_HEIGHT);
  const label = (
    text: string,
    x: number,
    y: number,
    align: 'left' | 'center' | 'right',
    room: number,
  ): void => {
    const from = align === 'right' ? x - room : align === 'center' ? x - room / 2 : x;
    pdf
      .font('body')
      .fontSize(6.5)
      .fillColor(QUIET)
      .text(text, from, y, { width: room, align, lineBreak: false });
  };
  for (const { y, text } of ticks) {
    pdf.moveTo(plot.left, y).lineTo(plot.right, y).lineWidth(0.4).undash().strokeColor(GRID).stroke();
    label(text, plot.left - 4, y - 3, 'right', plot.left - 4);
  }
  for (const { x, text } of places) if (text !== '') label(text, x, plot.bottom + 5, 'center', 70);
  if (bound) {
    pdf.moveTo(plot.left, bound.y).lineTo(plot.right, bound.y).lineWidth(0.8).dash(4, { space: 3 });
    pdf.strokeColor(BOUND).stroke();
    label(bound.label, plot.left + 4, bound.y - 9, 'left', 160);
  }
  for (const [at, { stretches }] of lines.entries()) {
    for (const points of stretches) {
      const [first, ...rest] = points;
      strokeAs(pdf, at, () => {
        pdf.moveTo(first!.x, first!.y);
        for (const { x, y } of rest) pdf.lineTo(x, y);
      });
      for (const { x, y } of points) pdf.circle(x, y, 1.5).fill(PENS[at % PENS.length]);
    }
  }
}
