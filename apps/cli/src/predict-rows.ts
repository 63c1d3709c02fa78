import { InferenceClient, type PredictColumn, type PredictedRow, type StewardClient } from '@steward/client';
import { errors } from '@steward/kernel';
import type { CsvRow } from './csv-rows';
import type { Explanation } from './explanation-table';

/** An input of a model as its metadata states it. */
export interface ModelInput {
  readonly name: string;
  readonly datatype: string;
}

interface InferAnswer {
  readonly parameters: { readonly prediction_id: string };
  readonly outputs: readonly { readonly name: string; readonly data: readonly (string | number)[] }[];
}

/** What a model answers about some rows, over REST or gRPC. */
export type PredictRows = (columns: readonly PredictColumn[]) => Promise<PredictedRow[]>;

/**
 * The columns of a request: the model's inputs and what was asked for beside them, nothing else of the file, so that an
 * identifier in it never leaves this machine. An empty value is missing.
 */
export function requestColumns(
  inputs: readonly ModelInput[],
  also: readonly string[],
  rows: readonly CsvRow[],
): PredictColumn[] {
  const known = new Set(inputs.map(({ name }) => name));
  const beside = also.filter((name) => !known.has(name)).map((name) => ({ name, datatype: 'BYTES' }));
  return [...inputs, ...beside].map(({ name, datatype }) => ({
    name,
    values:
      datatype === 'BYTES'
        ? rows.map((row) => row[name] ?? '')
        : rows.map((row, index) => numberOf(name, row[name] ?? '', index)),
  }));
}

function numberOf(name: string, text: string, index: number): number {
  const trimmed = text.trim();
  if (trimmed === '') return Number.NaN;
  if (trimmed === 'true' || trimmed === 'false') return Number(trimmed === 'true');
  const value = Number(trimmed);
  if (!Number.isNaN(value)) return value;
  throw errors.invalid(
    'CLI.NOT_A_NUMBER',
    `Row ${index + 1}: the input "${name}" takes a number; "${text.slice(0, 100)}" is none.`,
  );
}

/** Over REST through the entry port. JSON has no NaN, so a missing number is null. */
export function overRest(client: StewardClient, model: string): PredictRows {
  return async (columns) => {
    const path = `/v2/models/${encodeURIComponent(model)}/infer`;
    return rowsOf(await client.post<InferAnswer>(path, { inputs: columns.map(inputOf) }));
  };
}

/** Predicts some rows and says why; `counterfactuals` as inference takes them. */
export async function explainRows(
  client: StewardClient,
  model: string,
  columns: readonly PredictColumn[],
  counterfactuals: object | undefined,
): Promise<Explanation> {
  const path = `/v2/models/${encodeURIComponent(model)}/explain`;
  const body = { inputs: columns.map(inputOf), counterfactuals };
  return (await client.post<{ explanation: Explanation }>(path, body)).explanation;
}

function inputOf({ name, values }: PredictColumn) {
  return {
    name,
    datatype: typeof values[0] === 'string' ? 'BYTES' : 'FP64',
    shape: [values.length, 1],
    data: values.map((value) => (typeof value === 'number' && Number.isNaN(value) ? null : value)),
  };
}

function rowsOf({ parameters, outputs }: InferAnswer): PredictedRow[] {
  const output = (name: string) => outputs.find((each) => each.name === name)?.data ?? [];
  const labels = output('label').map(String);
  const probabilities = output('probability').map(Number);
  const classes = probabilities.length / Math.max(1, labels.length);
  return labels.map((label, row) => ({
    prediction: `${parameters.prediction_id}/${row}`,
    label,
    probabilities: probabilities.slice(row * classes, (row + 1) * classes),
  }));
}

/** Over gRPC; close the client when done. */
export function overGrpc(
  address: string,
  credential: string,
  model: string,
): { predict: PredictRows; close(): void } {
  const client = new InferenceClient(address, credential);
  return { predict: (columns) => client.predict(model, columns, 60_000), close: () => client.close() };
}
