import type { ServedModel } from '../deployments/serving-table';
import { signatureOf } from '../infer/outputs';
import { takesOneTensor } from '../infer/read-columns';

export const SERVER = {
  name: 'steward',
  version: '0.1.0',
  extensions: ['binary_tensor_data', 'model_repository', 'statistics'],
} as const;

/**
 * A served model as ModelMetadata states it: one input per column. Where the model also takes all columns as one
 * tensor, `parameters` say so; MLServer has that field, and clients that do not know it lose nothing.
 */
export function modelMetadata(name: string, served: ServedModel, versions: readonly number[]) {
  const { descriptor } = served;
  return {
    name,
    versions: versions.map(String),
    platform: 'onnx_steward',
    ...signatureOf(descriptor),
    parameters: oneTensor(descriptor),
  };
}

function oneTensor(descriptor: ServedModel['descriptor']): Record<string, string> {
  if (!takesOneTensor(descriptor)) return {};
  return {
    one_tensor_datatype: 'FP64',
    one_tensor_shape: `[-1, ${descriptor.inputs.length}]`,
    one_tensor_columns: descriptor.inputs.map((input) => input.name).join(','),
  };
}
