import type { ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { Explanation } from '../explain/explanation';
import type { InferResult } from './infer';

export interface OutputTensor {
  readonly name: string;
  readonly datatype: 'FP64' | 'BYTES';
  readonly shape: readonly number[];
  readonly numbers: Float64Array | null;
  readonly texts: readonly string[] | null;
}

/** Answered where nothing is requested. */
const USUAL_OUTPUTS = ['label', 'probability'] as const;
export const OUTPUT_NAMES = [...USUAL_OUTPUTS, 'prediction_id'] as const;

/**
 * `label` [rows] and `probability` [rows, classes], or the requested ones in their order. `prediction_id` [rows] comes
 * where it is requested: what an outcome is posted by, for protocols whose answers have no parameters. Behind them, where
 * the request is explained, `contribution` [rows, columns] and `margin` [rows] (NaN for a row that is held).
 */
export function outputsOf(result: InferResult, requested: readonly string[]): OutputTensor[] {
  const outputs = (requested.length > 0 ? requested : USUAL_OUTPUTS).map((name) =>
    KNOWN[name as (typeof OUTPUT_NAMES)[number]](result),
  );
  return result.explanation ? [...outputs, ...explained(result, result.explanation)] : outputs;
}

function explained({ rows, served }: InferResult, explanation: Explanation): OutputTensor[] {
  const width = served.descriptor.inputs.length;
  const contributions = new Float64Array(rows * width).fill(Number.NaN);
  const margins = new Float64Array(rows).fill(Number.NaN);
  explanation.rows.forEach(({ margin, contributions: own }, row) => {
    if (margin !== null) margins[row] = margin;
    own.forEach(({ contribution }, column) => (contributions[row * width + column] = contribution));
  });
  const numbers = (name: string, shape: readonly number[], values: Float64Array): OutputTensor => ({
    name,
    datatype: 'FP64',
    shape,
    numbers: values,
    texts: null,
  });
  return [numbers('contribution', [rows, width], contributions), numbers('margin', [rows], margins)];
}

const texts = (name: string, values: readonly string[]): OutputTensor => ({
  name,
  datatype: 'BYTES',
  shape: [values.length],
  numbers: null,
  texts: values,
});

const KNOWN: Record<(typeof OUTPUT_NAMES)[number], (result: InferResult) => OutputTensor> = {
  label: ({ labels }) => texts('label', labels),
  probability: ({ rows, served, probabilities }) => ({
    name: 'probability',
    datatype: 'FP64',
    shape: [rows, served.descriptor.classes.length],
    numbers: probabilities,
    texts: null,
  }),
  prediction_id: ({ labels, predictionId }) =>
    texts(
      'prediction_id',
      labels.map((_, row) => `${predictionId}/${row}`),
    ),
};

/** Refuses outputs that no model has, and more of them than there are. */
export function checkOutputs(requested: readonly string[]): void {
  if (requested.length > OUTPUT_NAMES.length) {
    throw errors.invalid(
      'INFERENCE.OUTPUT_UNKNOWN',
      `${requested.length} outputs are requested; the model has ${OUTPUT_NAMES.join(', ')}.`,
    );
  }
  const unknown = requested.filter((name) => !(OUTPUT_NAMES as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw errors.invalid(
      'INFERENCE.OUTPUT_UNKNOWN',
      `The model has no output ${unknown.join(', ')}; it has ${OUTPUT_NAMES.join(', ')}.`,
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
