import type { ModelDescriptor } from '@steward/contracts';
import type { InputColumn } from '../engines/engine';
import type { RequestColumns } from './read-columns';
import type { Tensor } from './tensor';

/** What of a model is asked for at each request. */
interface Shape {
  readonly names: readonly string[];
  readonly known: ReadonlySet<string>;
  /** All inputs are numbers of any value. */
  readonly numeric: boolean;
}

const shapes = new WeakMap<ModelDescriptor, Shape>();

function shapeOf(descriptor: ModelDescriptor): Shape {
  let shape = shapes.get(descriptor);
  if (!shape) {
    const names = descriptor.inputs.map(({ name }) => name);
    const numeric = descriptor.inputs.every(({ kind }) => kind === 'numeric');
    shape = { names, known: new Set([...names, ...descriptor.sensitive, 'subject']), numeric };
    shapes.set(descriptor, shape);
  }
  return shape;
}

/** One row of numbers, whose columns are made when somebody asks for them. */
export class OneRow implements RequestColumns {
  readonly rows = 1;
  readonly sensitive: RequestColumns['sensitive'] = [];
  private columns: InputColumn[] | null = null;

  constructor(
    readonly row: Float64Array,
    readonly subjects: readonly string[] = [],
  ) {}

  get inputs(): readonly InputColumn[] {
    this.columns ??= Array.from(this.row, (_, index): InputColumn => ({
      kind: 'numbers',
      values: this.row.subarray(index, index + 1),
    }));
    return this.columns;
  }
}

/**
 * The columns of what most callers send: nothing but numbers, in one tensor [rows, columns], or in one tensor for each
 * input in the order of the inputs. Null for everything else and for whatever is wrong, which the general way reads or
 * refuses.
 */
export function readPlain(descriptor: ModelDescriptor, tensors: readonly Tensor[]): RequestColumns | null {
  const shape = shapeOf(descriptor);
  if (!shape.numeric || shape.names.length < 2) return null;
  if (tensors.length === 1) return fromOneTensor(shape, tensors[0]!);
  return tensors.length === shape.names.length ? fromColumns(shape, tensors) : null;
}

function fromOneTensor({ names, known }: Shape, { name, shape, numbers }: Tensor): RequestColumns | null {
  const [rows, width] = shape;
  if (numbers === null || shape.length !== 2 || width !== names.length || known.has(name)) return null;
  if (rows === undefined || rows < 1) return null;
  if (rows === 1) return new OneRow(numbers);
  const inputs = names.map((_, column): InputColumn => {
    const values = new Float64Array(rows);
    for (let row = 0, at = column; row < rows; row++, at += width) values[row] = numbers[at]!;
    return { kind: 'numbers', values };
  });
  return { rows, inputs, sensitive: [], subjects: [] };
}

function fromColumns({ names }: Shape, tensors: readonly Tensor[]): RequestColumns | null {
  const rows = tensors[0]!.shape[0];
  if (rows === undefined || rows < 1) return null;
  for (let index = 0; index < tensors.length; index++) {
    const { name, shape, numbers } = tensors[index]!;
    if (numbers === null || name !== names[index] || shape[0] !== rows) return null;
    if (shape.length > 2 || (shape[1] ?? 1) !== 1) return null;
  }
  if (rows > 1) {
    const inputs = tensors.map(({ numbers }): InputColumn => ({ kind: 'numbers', values: numbers! }));
    return { rows, inputs, sensitive: [], subjects: [] };
  }
  const row = new Float64Array(names.length);
  for (let index = 0; index < row.length; index++) row[index] = tensors[index]!.numbers![0]!;
  return new OneRow(row);
}
