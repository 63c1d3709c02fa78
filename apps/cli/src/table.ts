import Table from 'cli-table3';
import { visibleText } from './visible-text';

export type Cell = string | number | null | undefined;

const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((place) => [place, '']),
);

const cell = (value: Cell): string =>
  value === null || value === undefined || value === ''
    ? '-'
    : visibleText(String(value)).replaceAll(/\s*\n\s*/g, ' ');

/** Columns with a heading; numbers to the right. Without rows: the sentence that says so. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[], none: string): string {
  if (rows.length === 0) return none;
  const aligned = heads.map((_, at) =>
    rows.every((row) => typeof row[at] === 'number' || row[at] === null || row[at] === undefined)
      ? ('right' as const)
      : ('left' as const),
  );
  const made = new Table({
    head: heads.map((head) => head.toUpperCase()),
    colAligns: aligned,
    chars: { ...NO_LINES, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  made.push(...rows.map((row) => row.map(cell)));
  return trimEnds(made.toString());
}

/** Names and values, one pair a line. */
export function facts(pairs: readonly (readonly [name: string, value: Cell])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`).join('\n');
}

const trimEnds = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
