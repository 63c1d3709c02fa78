import { DataType } from '@steward/contracts/generated/tensorflow/core/framework/types';
import { TensorProto } from '@steward/contracts/generated/tensorflow/core/framework/tensor';
import type { TensorShapeProto } from '@steward/contracts/generated/tensorflow/core/framework/tensor_shape';
import { errors, type AppError } from '@steward/kernel';
import { bfloat, half, type Datatype } from '../infer/datatype';
import type { OutputTensor } from '../infer/outputs';
import { elementsOf, fromRaw, fromValues, rawNumbers, type Tensor, type TensorHead } from '../infer/tensor';

type ValueField =
  | 'boolVal'
  | 'intVal'
  | 'int64Val'
  | 'uint32Val'
  | 'uint64Val'
  | 'halfVal'
  | 'floatVal'
  | 'doubleVal'
  | 'stringVal';

/** Each data type as the protocols' common one, and the list in which its values come. */
const TYPES: Partial<Record<DataType, readonly [Datatype, ValueField]>> = {
  [DataType.DT_BOOL]: ['BOOL', 'boolVal'],
  [DataType.DT_UINT8]: ['UINT8', 'intVal'],
  [DataType.DT_UINT16]: ['UINT16', 'intVal'],
  [DataType.DT_UINT32]: ['UINT32', 'uint32Val'],
  [DataType.DT_UINT64]: ['UINT64', 'uint64Val'],
  [DataType.DT_INT8]: ['INT8', 'intVal'],
  [DataType.DT_INT16]: ['INT16', 'intVal'],
  [DataType.DT_INT32]: ['INT32', 'intVal'],
  [DataType.DT_INT64]: ['INT64', 'int64Val'],
  [DataType.DT_HALF]: ['FP16', 'halfVal'],
  [DataType.DT_BFLOAT16]: ['BF16', 'halfVal'],
  [DataType.DT_FLOAT]: ['FP32', 'floatVal'],
  [DataType.DT_DOUBLE]: ['FP64', 'doubleVal'],
  [DataType.DT_STRING]: ['BYTES', 'stringVal'],
};
const VALUE_FIELDS = [...new Set(Object.values(TYPES).map(([, field]) => field))];

const bad = (message: string, tensor: string): AppError =>
  errors.invalid('INFERENCE.TENSOR_INVALID', message, { details: { tensor } });

/** TensorFlow's data type of one of ours. */
export function dataTypeOf(datatype: Datatype): DataType {
  const [found] = Object.entries(TYPES).find(([, [name]]) => name === datatype)!;
  return Number(found);
}

/**
 * A TensorProto as a tensor: from `tensor_content`, or from the list of its data type, whose last value stands for those
 * that are missing, as TensorFlow has it.
 */
export function tensorOf(name: string, proto: TensorProto, limit: number): Tensor {
  const known = TYPES[proto.dtype];
  if (!known) throw bad(`Input "${name}" has a data type that is not served: number ${proto.dtype}.`, name);
  const [datatype, field] = known;
  if (!proto.tensorShape || proto.tensorShape.unknownRank || proto.tensorShape.dim.length === 0)
    throw bad(`Input "${name}" needs a tensor_shape whose first dimension is the number of rows.`, name);
  const head = { name, datatype, shape: proto.tensorShape.dim.map(({ size }) => size) };
  const filled = VALUE_FIELDS.filter((each) => proto[each].length > 0);
  const stray = filled.find((each) => each !== field || proto.tensorContent.byteLength > 0);
  if (stray) {
    throw bad(
      `Input "${name}" has values beside those that its data type takes: ${DataType[proto.dtype]} takes tensor_content or one list.`,
      name,
    );
  }
  if (proto.tensorContent.byteLength > 0) return fromContent(head, datatype, proto.tensorContent, limit);
  return fromList(head, datatype, proto[field], limit);
}

function fromContent(head: TensorHead, datatype: Datatype, content: Buffer, limit: number): Tensor {
  if (datatype === 'BYTES')
    throw bad(`Input "${head.name}" is of texts; they come in string_val, not in tensor_content.`, head.name);
  return fromRaw(head, content, limit);
}

function fromList(
  head: TensorHead,
  datatype: Datatype,
  list: readonly (number | boolean | Buffer)[],
  limit: number,
): Tensor {
  const elements = elementsOf(head, limit);
  if (list.length === 0 && elements > 0)
    throw bad(`Input "${head.name}" takes ${elements} elements; none came.`, head.name);
  const short = elements - list.length;
  const values = short > 0 ? [...list, ...Array.from({ length: short }, () => list.at(-1)!)] : list;
  const decode = datatype === 'FP16' ? half : datatype === 'BF16' ? bfloat : null;
  return fromValues(head, decode ? values.map((bits) => decode(Number(bits))) : values, limit);
}

const shapeOf = (sizes: readonly number[]): TensorShapeProto => ({
  dim: sizes.map((size) => ({ size, name: '' })),
  unknownRank: false,
});

/** An answer's tensor. */
export function protoOf(output: OutputTensor): TensorProto {
  const head = { dtype: dataTypeOf(output.datatype), tensorShape: shapeOf(output.shape) };
  return output.numbers
    ? TensorProto.fromPartial({ ...head, tensorContent: Buffer.from(rawNumbers(output.numbers)) })
    : TensorProto.fromPartial({
        ...head,
        stringVal: (output.texts ?? []).map((text) => Buffer.from(text)),
      });
}
