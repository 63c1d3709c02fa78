import type { ContractColumn, DatasetContract, ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { GraphSignature } from '@steward/onnx';
import { z } from 'zod';

const name = z.string().min(1).max(200);

/** What whoever brings a model declares about it. Written as YAML or JSON by people. */
export const ImportSignature = z.strictObject({
  /** The dataset whose contract says what the columns and the two classes are. */
  dataset: name,
  /** Columns of the contract that the model takes, in the order in which it takes them. */
  inputs: z.array(name).min(1).max(2_000),
  /** `columns`: an input per column, by its name; `tensor`: one input [rows, columns] of numbers. */
  feed: z.enum(['columns', 'tensor']).default('columns'),
  /** The graph's output that answers. */
  output: name,
  /** [rows, 2] in the order negative, positive; or the probability of the positive class, [rows] or [rows, 1]. */
  form: z.enum(['probabilities', 'score']).default('probabilities'),
  /** The alias that it is meant for. */
  alias: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/)
    .default('champion'),
});
export type ImportSignature = z.output<typeof ImportSignature>;

type Kind = ModelDescriptor['inputs'][number]['kind'];

const KINDS: Readonly<Record<ContractColumn['type'], Kind>> = {
  string: 'categorical',
  number: 'numeric',
  integer: 'numeric',
  boolean: 'boolean',
  timestamp: 'time',
};

/** Columns that may be a model's inputs; a sensitive one is told to whoever approves, as for any other model. */
const INPUTS: readonly ContractColumn['class'][] = ['feature', 'sensitive', 'time'];

/** The declared signature by the contract's own types. Throws TRAINING.IMPORT_COLUMN, TRAINING.IMPORT_TWICE. */
export function graphSignature(signature: ImportSignature, contract: DatasetContract): GraphSignature {
  if (new Set(signature.inputs).size !== signature.inputs.length) {
    throw errors.invalid('TRAINING.IMPORT_TWICE', 'The signature names a column twice.');
  }
  const inputs = signature.inputs.map((input) => {
    const column = contract.columns.find((each) => each.name === input);
    if (!column || !INPUTS.includes(column.class)) {
      throw errors.invalid(
        'TRAINING.IMPORT_COLUMN',
        `The contract of ${signature.dataset} has no feature ${input}; a model takes columns of its contract alone.`,
        { details: { column: input } },
      );
    }
    return { name: input, kind: KINDS[column.type] };
  });
  const { feed, output, form } = signature;
  return {
    inputs,
    classes: [contract.label.negative, contract.label.positive],
    layout: { feed, output, form },
  };
}
