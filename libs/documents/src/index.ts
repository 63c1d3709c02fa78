export { csvText } from './csv-text';
export { PdfDocument } from './pdf-document';
export type { PdfProperties } from './pdf-document';
export { zipFiles } from './zip-files';
