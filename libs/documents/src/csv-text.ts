type Cell = string | number | boolean | null;

/**
 * Rows as CSV (RFC 4180, UTF-8, LF, header first). A text that a spreadsheet would run as a formula gets an apostrophe in
 * front.
 */
export function csvText(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(csvField).join(',')}\n`).join('');
}

function csvField(value: Cell): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+@\t\r-]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
