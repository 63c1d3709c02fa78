import { csvText } from '@steward/documents';
import type { Block, Report, Source } from '../report';

type Line = readonly [section: string, what: string, field: string, value: string, evidence: Source | null];

/** Every figure of the report on a line of its own, with its evidence. */
export function renderCsv(report: Report): string {
  const lines = report.sections.flatMap(({ id, blocks, missing }) => [
    ...blocks.flatMap((block) => linesOf(id, block)),
    ...missing.map(({ what, owedBy }): Line => [id, 'missing', what, `owed by ${owedBy}`, null]),
  ]);
  return csvText(
    ['section', 'of', 'field', 'value', 'evidence_kind', 'evidence_id', 'evidence_sha256'],
    lines.map(([section, what, field, value, source]) => [
      section,
      what,
      field,
      value,
      source?.kind ?? null,
      source?.id ?? null,
      source?.digest ?? null,
    ]),
  );
}

function linesOf(section: string, block: Block): Line[] {
  switch (block.type) {
    case 'text':
      return [];
    case 'facts':
      return block.facts.map(({ label, value, source }) => [section, 'fact', label, value, source]);
    case 'table':
      return block.rows.flatMap(({ cells, source }, row) =>
        cells.map((cell, at): Line => [
          section,
          `${block.caption} / ${row + 1}`,
          block.columns[at] ?? '',
          cell,
          source,
        ]),
      );
    case 'chart':
      return block.chart.series.flatMap(({ name, values }) =>
        values.map((value, at): Line => [
          section,
          `${block.chart.caption} / ${at + 1} (${block.chart.labels[at] ?? ''})`,
          name,
          value === null ? '' : String(value),
          block.sources[at] ?? null,
        ]),
      );
  }
}
