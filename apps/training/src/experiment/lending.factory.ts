import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { DatasetContract } from '@steward/contracts';
import { SystemColumns, type DeltaRows } from '@steward/delta';
import { sha256 } from '@steward/kernel';
import { parse as parseYaml } from 'yaml';
import { parsePipelineDefinition, type PipelineDefinition } from '../pipelines/pipeline-definition';

const EXAMPLE = join(__dirname, '..', '..', '..', '..', 'examples', 'lending');
const read = (file: string): string => readFileSync(join(EXAMPLE, file), 'utf8');

export const lendingContract = (): DatasetContract => DatasetContract.parse(parseYaml(read('contract.yaml')));

export const lendingPipeline = (file = 'pipeline.yaml'): PipelineDefinition =>
  parsePipelineDefinition(parseYaml(read(file)));

export interface LendingBatch {
  readonly file: string;
  readonly source: 'upload' | 'labelled';
}

type Cell = string | number | boolean | null;

/** The example's real rows as a dataset table of ingestion holds them; broken records are left out. */
export function lendingTable(batches: readonly LendingBatch[]): DeltaRows {
  const contract = lendingContract();
  const columns: Record<string, Cell[]> = {};
  const push = (name: string, value: Cell) => (columns[name] ??= []).push(value);
  let rows = 0;
  batches.forEach(({ file, source }, index) => {
    const text = read(`data/${file}`);
    const records: Record<string, string>[] = parseCsv(text, {
      columns: true,
      relax_column_count: true,
      quote: null,
    });
    const seen = new Set<string>();
    records.forEach((record, row) => {
      const cells = contract.columns.map((column) => cellOf(record[column.name], column.type));
      const applicant = record['applicant'] ?? '';
      if (cells.some((cell) => cell === undefined) || applicant.startsWith('B-') || seen.has(applicant))
        return;
      seen.add(applicant);
      contract.columns.forEach((column, i) => push(column.name, cells[i]!));
      push(SystemColumns.batch, index + 1);
      push(SystemColumns.batchDigest, sha256(text));
      push(SystemColumns.row, row + 1);
      push(SystemColumns.rowKey, source === 'upload' ? String(row + 1) : sha256(JSON.stringify(cells)));
      push(SystemColumns.source, source);
      push(SystemColumns.subject, `sub_${sha256(applicant).slice(0, 32)}`);
      push(SystemColumns.prediction, source === 'upload' ? null : `p${index}/${row}`);
      rows++;
    });
  });
  return { rows, columns };
}

function cellOf(text: string | undefined, type: string): Cell | undefined {
  if (text === undefined || text === '') return undefined;
  if (type === 'string') return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
