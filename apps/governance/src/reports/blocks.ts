import type { Block, Fact, Missing, Section, Source } from './report';
import type { Told } from './report-material';

/** A number for people: four significant digits, or a dash where nothing was measured. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '\u2013';
  return Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(4)));
}

/** `2026-11-23 14:05`, UTC. */
export const moment = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
export const short = (digest: string): string => digest.slice(0, 12);

export const fact = (label: string, value: string, source: Source | null = null): Fact => ({
  label,
  value,
  source,
});
export const facts = (...list: readonly Fact[]): Block => ({ type: 'facts', facts: list });
export const text = (words: string): Block => ({ type: 'text', text: words });

export const table = (
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly [cells: readonly string[], source: Source | null])[],
): Block => ({ type: 'table', caption, columns, rows: rows.map(([cells, source]) => ({ cells, source })) });

/** A table with one row for each event, which is its evidence. */
export const eventTable = <Payload>(
  caption: string,
  columns: readonly string[],
  events: readonly Told<Payload>[],
  cells: (event: Told<Payload>) => readonly string[],
): Block =>
  table(
    caption,
    columns,
    events.map((event) => [cells(event), event.source] as const),
  );

/** A section; `missing` says what somebody owes it. */
export function section(
  id: string,
  title: string,
  basis: string | null,
  blocks: readonly (Block | null)[],
  missing: readonly (Missing | null | false)[] = [],
): Section {
  return {
    id,
    title,
    basis,
    blocks: blocks.filter((block) => block !== null),
    missing: missing.filter((one): one is Missing => Boolean(one)),
  };
}

export const owed = (what: string, owedBy: string): Missing => ({ what, owedBy });
