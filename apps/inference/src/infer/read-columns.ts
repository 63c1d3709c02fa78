import type { ModelDescriptor, TelemetryColumn } from '@steward/contracts';
import { errors, isPseudonym, type AppError } from '@steward/kernel';
import type { InputColumn } from '../engines/engine';
import { PlainRows, readPlain } from './read-plain-columns';
import type { Tensor } from './tensor';

/** A request's tensors, sorted by what they are for. */
export interface RequestColumns {
  readonly rows: number;
  /** In the order of the descriptor's inputs. */
  readonly inputs: readonly InputColumn[];
  /** All inputs row by row, where they are numbers and came so: to make columns of them costs more than to score them. */
  readonly plain?: Float64Array;
  readonly sensitive: readonly { readonly name: string; readonly column: InputColumn }[];
  /** One pseudonym a row, empty where none; or no entry at all. */
  readonly subjects: readonly string[];
}

const bad = (code: string, message: string, details: Record<string, unknown> = {}): AppError =>
  errors.invalid(`INFERENCE.${code}`, message, { details });

/** The number of rows of a column tensor: shape [rows] or [rows, 1]. */
function rowsOf(tensor: Tensor): number {
  const [rows, width] = tensor.shape;
  if (tensor.shape.length > 2 || (width !== undefined && width !== 1)) {
    throw bad(
      'SHAPE_INVALID',
      `Tensor "${tensor.name}" is one column: its shape is [rows] or [rows, 1], not [${tensor.shape.join(', ')}].`,
      { tensor: tensor.name },
    );
  }
  return rows!;
}

function numbers(tensor: Tensor): InputColumn {
  if (tensor.numbers) return { kind: 'numbers', values: tensor.numbers };
  throw bad('DATATYPE_MISMATCH', `Tensor "${tensor.name}" takes numbers (FP64); BYTES came.`, {
    tensor: tensor.name,
  });
}

function texts(tensor: Tensor): InputColumn {
  if (!tensor.texts) {
    throw bad('DATATYPE_MISMATCH', `Tensor "${tensor.name}" takes texts (BYTES); ${tensor.datatype} came.`, {
      tensor: tensor.name,
    });
  }
  return { kind: 'texts', values: tensor.texts.map((text) => (text === '' ? null : text)) };
}

function booleans(tensor: Tensor): InputColumn {
  const column = numbers(tensor);
  if (
    column.kind === 'numbers' &&
    column.values.some((value) => value !== 0 && value !== 1 && !Number.isNaN(value))
  ) {
    throw bad('ELEMENT_INVALID', `Tensor "${tensor.name}" takes BOOL, or numbers that are 0 or 1.`, {
      tensor: tensor.name,
    });
  }
  return column;
}

const either = (tensor: Tensor): InputColumn => (tensor.texts ? texts(tensor) : numbers(tensor));

/** The subject of each row, from `parameters.subject` (all rows) or an input of that name. What is no pseudonym is not echoed. */
function subjectsOf(tensor: Tensor | undefined, parameter: string | undefined, rows: number): string[] {
  if (tensor && parameter !== undefined) {
    throw bad('SUBJECT_TWICE', 'The subject came both as a parameter and as an input; send one of them.');
  }
  if (tensor && !tensor.texts)
    throw bad('DATATYPE_MISMATCH', 'The input "subject" takes BYTES.', { tensor: 'subject' });
  const subjects = tensor?.texts
    ? [...tensor.texts]
    : parameter === undefined
      ? []
      : Array.from({ length: rows }, () => parameter);
  if (subjects.some((subject) => subject !== '' && !isPseudonym(subject))) {
    throw bad(
      'SUBJECT_NOT_PSEUDONYM',
      'A subject is named by its pseudonym (sub_ and 32 hexadecimal digits), as ResolveSubjects of ingestion gives it.',
    );
  }
  return subjects;
}

/** True for a model that also takes one tensor [rows, columns]: its columns are all numbers or booleans. */
export const takesOneTensor = (descriptor: ModelDescriptor): boolean =>
  descriptor.inputs.every(({ kind }) => kind === 'numeric' || kind === 'boolean');

/**
 * The tensors of a request with one column each. A model of numbers and booleans also takes them as one tensor
 * [rows, columns], in the order of its inputs and of any name that no column has; a model of one input takes it by any
 * name.
 */
function columnsOf(descriptor: ModelDescriptor, tensors: readonly Tensor[]): readonly Tensor[] {
  const { inputs, sensitive } = descriptor;
  const names = new Set(inputs.map(({ name }) => name));
  const beside = new Set([...sensitive, 'subject']);
  const features = tensors.filter(({ name }) => names.has(name) || !beside.has(name));
  const [one] = features;
  if (one && features.length === 1 && inputs.length === 1)
    return [{ ...one, name: inputs[0]!.name }, ...tensors.filter((tensor) => tensor !== one)];
  if (!one?.numbers || features.length > 1 || names.has(one.name) || !takesOneTensor(descriptor))
    return tensors;
  const { name, datatype, numbers: values } = one;
  const [rows, width] = one.shape;
  if (one.shape.length !== 2 || width !== inputs.length) {
    throw bad(
      'SHAPE_INVALID',
      `Tensor "${name}" holds all columns: its shape is [rows, ${inputs.length}], in the order ${inputs.map((each) => each.name).join(', ')}; not [${one.shape.join(', ')}].`,
      { tensor: name },
    );
  }
  const columns = inputs.map((input, column): Tensor => {
    const numbers = new Float64Array(rows!);
    for (let row = 0; row < rows!; row++) numbers[row] = values[row * width + column]!;
    return { name: input.name, datatype, shape: [rows!], numbers, texts: null };
  });
  return [...columns, ...tensors.filter((tensor) => tensor !== one)];
}

function withSubject(columns: RequestColumns, subject: string): RequestColumns {
  const subjects = subjectsOf(undefined, subject, columns.rows);
  const { rows, inputs, sensitive } = columns;
  return columns.plain ? new PlainRows(columns.plain, rows, subjects) : { rows, inputs, sensitive, subjects };
}

/**
 * Sorts a request's tensors into the model's inputs, the contract's sensitive columns and the subject. Refuses
 * missing and unknown tensors and rows of unequal number, naming each.
 */
export function readColumns(
  descriptor: ModelDescriptor,
  given: readonly Tensor[],
  subject: string | undefined,
): RequestColumns {
  const plain = readPlain(descriptor, given);
  if (plain) return subject === undefined ? plain : withSubject(plain, subject);
  if (new Set(given.map(({ name }) => name)).size !== given.length)
    throw bad('TENSOR_TWICE', 'Two input tensors have the same name.');
  const tensors = columnsOf(descriptor, given);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const missing = descriptor.inputs.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    throw bad('INPUT_MISSING', `The model takes the inputs ${missing.join(', ')}, which did not come.`, {
      missing,
    });
  const known = new Set([...descriptor.inputs.map(({ name }) => name), ...descriptor.sensitive, 'subject']);
  const unknown = tensors.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (unknown.length > 0)
    throw bad('INPUT_UNKNOWN', `The model knows no input ${unknown.join(', ')}.`, { unknown });

  const rows = rowsOf(byName.get(descriptor.inputs[0]!.name)!);
  if (rows === 0) throw bad('NO_ROWS', 'The request holds no rows.');
  for (const tensor of tensors) {
    if (rowsOf(tensor) !== rows) {
      throw bad(
        'ROWS_DIFFER',
        `Tensor "${tensor.name}" has ${rowsOf(tensor)} rows where "${descriptor.inputs[0]!.name}" has ${rows}.`,
        { tensor: tensor.name },
      );
    }
  }
  const read = { categorical: texts, boolean: booleans, numeric: numbers, time: numbers };
  return {
    rows,
    inputs: descriptor.inputs.map(({ name, kind }) => read[kind](byName.get(name)!)),
    sensitive: descriptor.sensitive.flatMap((name) => {
      const tensor = byName.get(name);
      // A sensitive column that the model also takes as an input is logged once, among the inputs.
      return tensor && !descriptor.inputs.some((input) => input.name === name)
        ? [{ name, column: either(tensor) }]
        : [];
    }),
    subjects: subjectsOf(byName.get('subject'), subject, rows),
  };
}

/** Rows [from, to) of a column as telemetry carries them. */
export function telemetryColumn(
  name: string,
  column: InputColumn,
  from: number,
  to: number,
): TelemetryColumn {
  if (column.kind === 'numbers') {
    // A loop: most requests have one row, and Array.from of a part of a typed array costs a microsecond a column.
    const numbers: number[] = [];
    for (let row = from; row < to; row++) numbers.push(column.values[row]!);
    return { name, numbers, texts: [], missing: [] };
  }
  const values = column.values.slice(from, to);
  return {
    name,
    numbers: [],
    texts: values.map((value) => value ?? ''),
    missing: values.flatMap((value, index) => (value === null ? [index] : [])),
  };
}
