import type { ModelDescriptor } from '@steward/contracts';
import type { InputColumn } from '../engines/engine';
import { fewNumbers } from './few-numbers';
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

/** Rows of numbers as they came, row-major; columns are made when somebody asks for them. */
export class PlainRows implements RequestColumns {
  readonly sensitive: RequestColumns['sensitive'] = [];
  private columns: InputColumn[] | null = null;

  constructor(
    readonly plain: Float64Array,
    readonly rows: number,
    readonly subjects: readonly string[] = [],
  ) {}

  get inputs(): readonly InputColumn[] {
    this.columns ??= this.made();
    return this.columns;
  }

  /** In one piece of memory. */
  private made(): InputColumn[] {
    const { plain, rows } = this;
    const width = plain.length / rows;
    const all = rows === 1 ? plain : new Float64Array(plain.length);
    return Array.from({ length: width }, (_, column): InputColumn => {
      const values = all.subarray(column * rows, (column + 1) * rows);
      if (rows > 1) for (let row = 0, at = column; row < rows; row++, at += width) values[row] = plain[at]!;
      return { kind: 'numbers', values };
    });
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
  return new PlainRows(numbers, rows);
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
  const row = fewNumbers(names.length);
  for (let index = 0; index < row.length; index++) row[index] = tensors[index]!.numbers![0]!;
  return new PlainRows(row, 1);
}
