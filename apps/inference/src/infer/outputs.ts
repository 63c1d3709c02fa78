import type { ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { InferResult } from './infer';

export interface OutputTensor {
  readonly name: string;
  readonly datatype: 'FP64' | 'BYTES';
  readonly shape: readonly number[];
  readonly numbers: Float64Array | null;
  readonly texts: readonly string[] | null;
}

export const OUTPUT_NAMES = ['label', 'probability'] as const;

/** `label` [rows] and `probability` [rows, classes]; all of them, or the requested ones in their order. */
export function outputsOf(result: InferResult, requested: readonly string[]): OutputTensor[] {
  const classes = result.served.descriptor.classes.length;
  const known: Record<(typeof OUTPUT_NAMES)[number], OutputTensor> = {
    label: { name: 'label', datatype: 'BYTES', shape: [result.rows], numbers: null, texts: result.labels },
    probability: {
      name: 'probability',
      datatype: 'FP64',
      shape: [result.rows, classes],
      numbers: result.probabilities,
      texts: null,
    },
  };
  return (requested.length > 0 ? requested : OUTPUT_NAMES).map(
    (name) => known[name as (typeof OUTPUT_NAMES)[number]],
  );
}

/** Refuses outputs that no model has. */
export function checkOutputs(requested: readonly string[]): void {
  const unknown = requested.filter((name) => !(OUTPUT_NAMES as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw errors.invalid(
      'INFERENCE.OUTPUT_UNKNOWN',
      `The model has no output ${unknown.join(', ')}; it has ${OUTPUT_NAMES.join(' and ')}.`,
      { details: { unknown } },
    );
  }
}

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: number[];
}

const DATATYPES = { numeric: 'FP64', time: 'INT64', boolean: 'BOOL', categorical: 'BYTES' } as const;

/** Inputs and outputs as model metadata states them; -1 is the number of rows. */
export function signatureOf(descriptor: ModelDescriptor): {
  inputs: TensorMetadata[];
  outputs: TensorMetadata[];
} {
  return {
    inputs: descriptor.inputs.map(({ name, kind }) => ({ name, datatype: DATATYPES[kind], shape: [-1, 1] })),
    outputs: [
      { name: 'label', datatype: 'BYTES', shape: [-1] },
      { name: 'probability', datatype: 'FP64', shape: [-1, descriptor.classes.length] },
    ],
  };
}
