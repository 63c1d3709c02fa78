import type { ServedModel } from '../deployments/serving-table';
import { signatureOf } from '../infer/outputs';

export const SERVER = { name: 'steward', version: '0.1.0', extensions: ['binary_tensor_data'] } as const;

/** A served model as ModelMetadata states it. */
export function modelMetadata(name: string, served: ServedModel) {
  return {
    name,
    versions: [String(served.descriptor.version)],
    platform: 'onnx_steward',
    ...signatureOf(served.descriptor),
  };
}
