import { errors } from '@steward/kernel';
import type { OnnxValue, Tensor } from 'onnxruntime-node';
import type { GraphSignature, GraphValue, GraphValues } from './graph-signature';

type Runtime = typeof import('onnxruntime-node');

/** The tensors that a graph takes for `rows` rows, by input name. Numbers are converted to the input's type. */
export function feedsOf(
  { Tensor: RuntimeTensor }: Runtime,
  { inputs, layout }: GraphSignature,
  graphInputs: readonly GraphValue[],
  columns: readonly GraphValues[],
  rows: number,
): Record<string, Tensor> {
  if (layout.feed === 'tensor') {
    const { name, type = '' } = graphInputs[0]!;
    const dense = new Float64Array(rows * inputs.length);
    columns.forEach(({ kind, values }, column) => {
      if (kind === 'numbers') {
        for (let row = 0; row < rows; row++) dense[row * inputs.length + column] = values[row]!;
      }
    });
    return { [name]: numbers(RuntimeTensor, type, dense, [rows, inputs.length], name) };
  }
  const feeds: Record<string, Tensor> = {};
  inputs.forEach(({ name }, index) => {
    const { type = '', shape = [] } = graphInputs.find((input) => input.name === name)!;
    const dims = shape.length === 1 ? [rows] : [rows, 1];
    const column = columns[index]!;
    feeds[name] =
      column.kind === 'texts'
        ? new RuntimeTensor(
            'string',
            column.values.map((value) => value ?? ''),
            dims,
          )
        : numbers(RuntimeTensor, type, column.values, dims, name);
  });
  return feeds;
}

function numbers(
  RuntimeTensor: Runtime['Tensor'],
  type: string,
  values: Float64Array,
  dims: number[],
  name: string,
): Tensor {
  switch (type) {
    case 'float64':
      return new RuntimeTensor('float64', values, dims);
    case 'float32':
      return new RuntimeTensor('float32', Float32Array.from(values), dims);
    case 'int32':
      return new RuntimeTensor('int32', Int32Array.from(whole(values, name)), dims);
    case 'int64':
      return new RuntimeTensor('int64', BigInt64Array.from(whole(values, name), BigInt), dims);
    default:
      return new RuntimeTensor('bool', Uint8Array.from(whole(values, name)), dims);
  }
}

/** Integers and booleans have no NaN: a missing value is refused rather than made 0. */
function whole(values: Float64Array, name: string): Float64Array {
  if (values.every(Number.isInteger)) return values;
  throw errors.invalid(
    'ONNX.BAD_CELL',
    `The input "${name}" takes whole numbers; a value is missing or has a fraction.`,
    { details: { input: name } },
  );
}

/** The answer's probabilities, row-major [rows, classes]; refused where the graph's output has another shape. */
export function probabilitiesOf(
  { classes, layout }: GraphSignature,
  output: OnnxValue | undefined,
  rows: number,
): Float64Array {
  const tensor = output as Tensor;
  const width = layout.form === 'score' ? 1 : classes.length;
  if (tensor.dims[0] !== rows || tensor.size !== rows * width || tensor.dims.length > 2) {
    throw errors.internal(
      'ONNX.OUTPUT_SHAPE',
      `The output "${layout.output}" has the shape [${tensor.dims.join(', ')}]; [${rows}, ${width}] is declared.`,
    );
  }
  const values =
    tensor.data instanceof Float64Array ? tensor.data : Float64Array.from(tensor.data as Float32Array);
  if (layout.form === 'probabilities') return values;
  const both = new Float64Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    both[row * 2] = 1 - values[row]!;
    both[row * 2 + 1] = values[row]!;
  }
  return both;
}
