import type { ModelDescriptor } from '@steward/contracts';
import { errors, type AppError } from '@steward/kernel';
import { z } from 'zod';
import type { Datatype } from '../infer/datatype';
import type { InferResult } from '../infer/infer';
import { outputsOf, type OutputTensor } from '../infer/outputs';
import { fromValues, type Tensor } from '../infer/tensor';

/** The body of `POST /v1/models/{model}:predict`. */
export const PredictBody = z.object({
  signature_name: z.string().max(100).optional(),
  /** Row format: a list of objects, or of rows. */
  instances: z.array(z.unknown()).max(1_000_000).optional(),
  /** Column format: an object of lists, or one nested list. */
  inputs: z.unknown().optional(),
});
export type PredictBody = z.output<typeof PredictBody>;

const bad = (code: string, message: string): AppError => errors.invalid(`INFERENCE.${code}`, message);

/** The name of an input that has none: the one tensor of all columns. */
const ONE_TENSOR = 'inputs';
/** Beside the columns. */
const MOST_EXTRA_INPUTS = 100;

type NamedValues = Map<string, unknown[]>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The input tensors of either format. */
export function tensorsOfPredict(body: PredictBody, descriptor: ModelDescriptor, limit: number): Tensor[] {
  if ((body.instances === undefined) === (body.inputs === undefined))
    throw bad('CONTENTS_INVALID', 'The body holds either "instances" (rows) or "inputs" (columns).');
  const named = body.instances ? columnsOfRows(body.instances, limit) : columnsOf(body.inputs);
  if (named.size > descriptor.inputs.length + MOST_EXTRA_INPUTS)
    throw errors.limit('INFERENCE.TOO_MANY_INPUTS', 'The request has more inputs than the model can have.');
  return [...named].map(([name, values]) => tensorOfValues(name, values, descriptor, limit));
}

/** Objects become one list an input; anything else are the rows of the one input that a model then has. */
function columnsOfRows(rows: readonly unknown[], limit: number): NamedValues {
  if (rows.length > limit)
    throw errors.limit('INFERENCE.TOO_MANY_ROWS', `The request holds more than ${limit} rows.`);
  const [first] = rows;
  if (!isObject(first) || isBase64(first)) return new Map([[ONE_TENSOR, [...rows]]]);
  const names = Object.keys(first);
  if (names.length > limit)
    throw errors.limit('INFERENCE.TOO_MANY_INPUTS', 'An instance has too many inputs.');
  for (const [index, row] of rows.entries()) {
    if (
      !isObject(row) ||
      Object.keys(row).length !== names.length ||
      !names.every((name) => Object.hasOwn(row, name))
    )
      throw bad(
        'CONTENTS_INVALID',
        `Instance ${index} does not have the inputs of the first one: ${names.slice(0, 20).join(', ')}.`,
      );
  }
  return new Map(names.map((name) => [name, rows.map((row) => (row as Record<string, unknown>)[name])]));
}

function columnsOf(inputs: unknown): NamedValues {
  const named =
    isObject(inputs) && !isBase64(inputs) ? Object.entries(inputs) : [[ONE_TENSOR, inputs] as const];
  return new Map(
    named.map(([name, values]) => {
      if (!Array.isArray(values))
        throw bad('SHAPE_INVALID', `Input "${name}" is a list of rows, one value each at least.`);
      return [name, values as unknown[]];
    }),
  );
}

/** Binary values come as `{"b64": "..."}`. */
const isBase64 = (value: unknown): value is { b64: string } =>
  isObject(value) && typeof value.b64 === 'string' && Object.keys(value).length === 1;

function tensorOfValues(name: string, values: unknown[], descriptor: ModelDescriptor, limit: number): Tensor {
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level) && shape.length < 8; level = level[0])
    shape.push(level.length);
  const flat = flattened(name, values, shape, 0).map((value) =>
    isBase64(value) ? Buffer.from(value.b64, 'base64') : value,
  );
  return fromValues({ name, shape, datatype: datatypeOf(name, flat, descriptor) }, flat, limit);
}

/** The elements in order; each list must be as long as the first one of its depth. */
function flattened(
  name: string,
  values: readonly unknown[],
  shape: readonly number[],
  depth: number,
): unknown[] {
  if (values.length !== shape[depth])
    throw bad('SHAPE_INVALID', `The lists of input "${name}" are not all of one length.`);
  const inner = depth + 1 < shape.length;
  if (values.some((value) => Array.isArray(value) !== inner))
    throw bad('SHAPE_INVALID', `Input "${name}" is nested more than 8 deep, or not everywhere equally deep.`);
  return inner
    ? values.flatMap((value) => flattened(name, value as unknown[], shape, depth + 1))
    : [...values];
}

const KINDS = { numeric: 'FP64', time: 'INT64', boolean: 'BOOL', categorical: 'BYTES' } as const;

/** JSON names no data types: a column has the one that the model takes, anything else the one of its values. */
function datatypeOf(name: string, flat: readonly unknown[], descriptor: ModelDescriptor): Datatype {
  const column = descriptor.inputs.find((input) => input.name === name);
  // Booleans may be written as 0 and 1.
  if (column) return column.kind === 'boolean' && typeof flat[0] === 'number' ? 'FP64' : KINDS[column.kind];
  const isText = flat.some((value) => typeof value === 'string' || Buffer.isBuffer(value));
  return isText ? 'BYTES' : typeof flat[0] === 'boolean' ? 'BOOL' : 'FP64';
}

/** Rows of objects for rows, an object of columns for columns. */
export function predictAnswer(body: PredictBody, result: InferResult): object {
  const outputs = outputsOf(result, []);
  const columns = outputs.map((output) => [output.name, rowsOf(output)] as const);
  if (!body.instances) return { outputs: Object.fromEntries(columns) as object };
  return {
    predictions: Array.from({ length: result.rows }, (_, row) =>
      Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
    ),
  };
}

function rowsOf({ numbers, texts, shape }: OutputTensor): unknown[] {
  const values = Array.from<number | string>(numbers ?? texts ?? []);
  const [rows = 0, width] = shape;
  if (width === undefined) return values;
  return Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width));
}
