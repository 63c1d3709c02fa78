import type { ContractColumn, DatasetContract } from '@steward/contracts';
import type { DeltaRows } from '@steward/delta';
import { errors } from '@steward/kernel';
import {
  booleanColumn,
  categoricalColumn,
  createTable,
  numericColumn,
  timeColumn,
  type Column,
  type Table,
} from '@steward/learning';
import type { SplitRows } from './split';

type Cell = string | number | boolean | null;

/** Names of the columns that ingestion adds to a dataset table (libs/delta SystemColumns). */
export interface SystemColumnNames {
  readonly batch: string;
  readonly batchDigest: string;
  readonly row: string;
  readonly rowKey: string;
  readonly source: string;
  readonly subject: string;
  readonly prediction: string;
}

/** The labelled rows of a dataset version, in order of (batch, row), as training needs them. */
export interface ExperimentRows extends SplitRows {
  readonly batch: readonly number[];
  /** True for rows that came from predictions and their outcomes. */
  readonly fromOutcomes: readonly boolean[];
  /** Of rows that came from predictions: `<prediction id>/<row>`. */
  readonly prediction: readonly (string | null)[];
  /** 1: the label's positive value. */
  readonly labels: Uint8Array;
  /** Contract columns by name: inputs, features and groups. */
  readonly columns: ReadonlyMap<string, readonly Cell[]>;
  /** Rows of the version that were left out because their label is missing. */
  readonly withoutLabel: number;
}

/** Columns of the contract that a run reads: inputs, every feature (monitored, so in the reference), label and groups. */
export function columnsToRead(contract: DatasetContract, inputs: readonly string[]): string[] {
  const features = contract.columns.filter((column) => column.class === 'feature').map(({ name }) => name);
  return [...new Set([...inputs, ...features, contract.label.column, ...contract.groups])];
}

/** Reads the rows of a Delta table. Throws TRAINING.LABEL_VALUE for a label that is neither of the contract's two. */
export function experimentRows(
  table: DeltaRows,
  contract: DatasetContract,
  wanted: readonly string[],
  system: SystemColumnNames,
): ExperimentRows {
  const labels = readColumn(table, contract.label.column);
  const kept: number[] = [];
  for (let i = 0; i < table.rows; i++) if (labels[i] !== null) kept.push(i);
  const pick = (name: string): Cell[] => {
    const values = readColumn(table, name);
    return kept.map((i) => values[i] ?? null);
  };
  const { positive, negative, column } = contract.label;
  const flags = Uint8Array.from(kept, (i) => {
    const text = String(labels[i]);
    if (text === positive) return 1;
    if (text === negative) return 0;
    throw errors.invalid(
      'TRAINING.LABEL_VALUE',
      `The label ${column} must be ${positive} or ${negative}; row ${i + 1} of the version is neither.`,
    );
  });
  return {
    rows: kept.length,
    batch: pick(system.batch).map(Number),
    batchDigest: pick(system.batchDigest).map(String),
    rowKey: pick(system.rowKey).map(String),
    subject: pick(system.subject).map((value) => (value === null ? null : String(value))),
    fromOutcomes: pick(system.source).map((value) => value === 'labelled'),
    prediction: pick(system.prediction).map((value) => (value === null ? null : String(value))),
    labels: flags,
    columns: new Map(wanted.map((name) => [name, pick(name)])),
    withoutLabel: table.rows - kept.length,
  };
}

/** How a column of the contract enters a model. */
export function inputKind(column: ContractColumn): 'numeric' | 'categorical' | 'boolean' | 'time' {
  switch (column.type) {
    case 'number':
    case 'integer':
      return 'numeric';
    case 'timestamp':
      return 'time';
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'categorical';
  }
}

/** The inputs as a table of libs/learning, in the order of the pipeline. */
export function inputTable(
  rows: ExperimentRows,
  contract: DatasetContract,
  inputs: readonly string[],
): Table {
  const byName = new Map(contract.columns.map((column) => [column.name, column]));
  return createTable(
    inputs.map((name) => learningColumn(byName.get(name)!, rows.columns.get(name)!)),
    rows.rows,
  );
}

function learningColumn(column: ContractColumn, values: readonly Cell[]): Column {
  switch (inputKind(column)) {
    case 'numeric':
      return numericColumn(column.name, values as readonly (number | null)[]);
    case 'time':
      return timeColumn(column.name, values as readonly (number | null)[]);
    case 'boolean':
      return booleanColumn(column.name, values as readonly (boolean | null)[]);
    case 'categorical':
      return categoricalColumn(
        column.name,
        values as readonly (string | null)[],
        categoriesOf(column, values),
      );
  }
}

/** Sorted, so that the order in which values first appear does not matter to the model's bytes. */
function categoriesOf(column: ContractColumn, values: readonly Cell[]): string[] {
  const seen = new Set(column.allowed ?? []);
  for (const value of values) if (value !== null) seen.add(String(value));
  return [...seen].sort();
}

function readColumn(table: DeltaRows, name: string): readonly Cell[] {
  const values = table.columns[name];
  if (!values) {
    throw errors.invalid(
      'TRAINING.COLUMN_MISSING',
      `The dataset version has no column ${name}. Its contract was changed since: register the pipeline again.`,
      { details: { column: name } },
    );
  }
  return values;
}
