import { errors, type AppError } from '@steward/kernel';

/** What a model's columns are, in the order in which they are given to it. */
export interface GraphColumn {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical' | 'boolean' | 'time';
}

/** How a graph is fed and which of its outputs answers. */
export interface GraphLayout {
  /** `columns`: a graph input per column, by its name; `tensor`: one input [rows, columns] of numbers. */
  readonly feed: 'columns' | 'tensor';
  /** The graph's output that answers. */
  readonly output: string;
  /** `probabilities`: [rows, classes]; `score`: [rows] or [rows, 1], the probability of the second of two classes. */
  readonly form: 'probabilities' | 'score';
}

/** What a graph is held to: its columns, its classes, and how both are laid out in it. */
export interface GraphSignature {
  readonly inputs: readonly GraphColumn[];
  readonly classes: readonly string[];
  readonly layout: GraphLayout;
}

/** The layout of the files that `writeOnnx` writes for classifiers. */
export const OWN_LAYOUT: GraphLayout = { feed: 'columns', output: 'probability', form: 'probabilities' };

/** Values of one column: numbers (NaN: missing; booleans 0 and 1), or texts (null: missing). */
export type GraphValues =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly values: readonly (string | null)[] };

/** What a runtime says of one of a graph's inputs or outputs; a dimension is a number, or a name where it is free. */
export interface GraphValue {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

const NUMBERS = ['float32', 'float64', 'int32', 'int64', 'bool'];

const mismatch = (message: string): AppError => errors.invalid('ONNX.SIGNATURE', message);

/** Refuses a graph whose inputs or outputs are not those that its signature declares, naming the first difference. */
export function checkSignature(
  signature: GraphSignature,
  inputs: readonly GraphValue[],
  outputs: readonly GraphValue[],
): void {
  const { layout, inputs: columns } = signature;
  if (layout.feed === 'tensor') checkTensorInput(columns, inputs);
  else checkColumnInputs(columns, inputs);
  const output = outputs.find(({ name }) => name === layout.output);
  if (!output) {
    throw mismatch(
      `The graph has no output "${layout.output}"; it has ${outputs.map(({ name }) => name).join(', ')}.`,
    );
  }
  if (!output.isTensor || !['float32', 'float64'].includes(output.type ?? '')) {
    throw mismatch(
      `The output "${output.name}" is no tensor of floats or doubles. Exporters that make a list of maps (ZipMap) can be told not to.`,
    );
  }
}

function checkTensorInput(columns: readonly GraphColumn[], inputs: readonly GraphValue[]): void {
  const [input, ...more] = inputs;
  if (!input || more.length > 0) {
    throw mismatch(`The signature declares one tensor, but the graph has ${inputs.length} inputs.`);
  }
  const text = columns.find(({ kind }) => kind === 'categorical');
  if (text) throw mismatch(`The column "${text.name}" is categorical; one tensor takes numbers alone.`);
  if (!NUMBERS.includes(input.type ?? '')) {
    throw mismatch(`The input "${input.name}" is of type ${input.type}, which takes no columns of numbers.`);
  }
  const width = input.shape?.[1];
  if (input.shape?.length !== 2 || (typeof width === 'number' && width > 0 && width !== columns.length)) {
    throw mismatch(
      `The input "${input.name}" has the shape [${input.shape?.join(', ')}]; the signature declares [rows, ${columns.length}].`,
    );
  }
}

function checkColumnInputs(columns: readonly GraphColumn[], inputs: readonly GraphValue[]): void {
  const known = new Map(inputs.map((input) => [input.name, input]));
  for (const { name, kind } of columns) {
    const input = known.get(name);
    if (!input) throw mismatch(`The graph has no input "${name}", which the signature declares.`);
    const fits = kind === 'categorical' ? input.type === 'string' : NUMBERS.includes(input.type ?? '');
    if (!fits) {
      throw mismatch(
        `The input "${name}" is of type ${input.type}, which takes no column of the kind ${kind}.`,
      );
    }
    const [, width, ...deeper] = input.shape ?? [];
    if (deeper.length > 0 || (typeof width === 'number' && width !== 1)) {
      throw mismatch(
        `The input "${name}" has the shape [${input.shape?.join(', ')}]; a column is [rows] or [rows, 1].`,
      );
    }
    known.delete(name);
  }
  if (known.size > 0) {
    throw mismatch(
      `The graph has inputs that the signature does not declare: ${[...known.keys()].join(', ')}.`,
    );
  }
}
