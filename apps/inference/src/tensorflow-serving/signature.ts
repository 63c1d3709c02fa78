import { DataType } from '@steward/contracts/generated/tensorflow/core/framework/types';
import type {
  SignatureDef,
  TensorInfo,
} from '@steward/contracts/generated/tensorflow/core/protobuf/meta_graph';
import { errors } from '@steward/kernel';
import type { ServedModel } from '../deployments/serving-table';
import type { Datatype } from '../infer/datatype';
import { signatureOf, type TensorMetadata } from '../infer/outputs';
import { takesOneTensor } from '../infer/read-columns';
import { dataTypeOf } from './tensor-proto';

/** One input a column. */
export const DEFAULT_SIGNATURE = 'serving_default';
/** All columns as one tensor [rows, columns], of models of numbers and booleans. */
export const ONE_TENSOR_SIGNATURE = 'one_tensor';
const METHOD = 'tensorflow/serving/predict';

const infoOf = ({ name, datatype, shape }: TensorMetadata): TensorInfo => ({
  name: `${name}:0`,
  dtype: dataTypeOf(datatype as Datatype),
  tensorShape: { dim: shape.map((size) => ({ size, name: '' })), unknownRank: false },
});
const infosOf = (tensors: readonly TensorMetadata[]): Record<string, TensorInfo> =>
  Object.fromEntries(tensors.map((tensor) => [tensor.name, infoOf(tensor)]));

/** The signatures of a served model. */
export function signaturesOf({ descriptor }: ServedModel): Record<string, SignatureDef> {
  const { inputs, outputs } = signatureOf(descriptor);
  const common = { outputs: infosOf(outputs), methodName: METHOD };
  const all = { name: 'inputs', datatype: 'FP64', shape: [-1, inputs.length] };
  return {
    [DEFAULT_SIGNATURE]: { inputs: infosOf(inputs), ...common },
    ...(takesOneTensor(descriptor) ? { [ONE_TENSOR_SIGNATURE]: { inputs: infosOf([all]), ...common } } : {}),
  };
}

/** Refuses a signature that the model does not have. Which one is meant is seen by the inputs that come. */
export function checkSignature(served: ServedModel, name: string | undefined): void {
  if (name === undefined || name === '' || Object.hasOwn(signaturesOf(served), name)) return;
  throw errors.invalid(
    'INFERENCE.SIGNATURE_UNKNOWN',
    `The model has the signatures ${Object.keys(signaturesOf(served)).join(' and ')}.`,
  );
}

/** The signatures in the JSON form of TensorFlow Serving's metadata. */
export function signaturesJson(served: ServedModel): object {
  const tensor = ({ name, dtype, tensorShape }: TensorInfo): object => ({
    dtype: DataType[dtype],
    tensor_shape: {
      dim: (tensorShape?.dim ?? []).map(({ size }) => ({ size: String(size), name: '' })),
      unknown_rank: false,
    },
    name,
  });
  const tensors = (of: Record<string, TensorInfo>): object =>
    Object.fromEntries(Object.entries(of).map(([name, info]) => [name, tensor(info)]));
  const signatures = Object.entries(signaturesOf(served)).map(([name, { inputs, outputs, methodName }]) => [
    name,
    { inputs: tensors(inputs), outputs: tensors(outputs), method_name: methodName },
  ]);
  return { signature_def: Object.fromEntries(signatures) as object };
}
