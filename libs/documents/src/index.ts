export { csvText } from './csv-text';
export type { LineChart } from './line-chart';
export { lineChartSvg } from './line-chart-svg';
export { PdfDocument } from './pdf-document';
export type { PdfProperties } from './pdf-document';
export { zipFiles } from './zip-files';
