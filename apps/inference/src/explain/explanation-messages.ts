import type {
  Counterfactuals as CounterfactualsMessage,
  ExplainedRow as ExplainedRowMessage,
  Explanation as ExplanationMessage,
  ExplainRequest as ExplainRequestMessage,
  Value,
} from '@steward/contracts/generated/steward/inference/v1/inference';
import { errors } from '@steward/kernel';
import { fromValues, type Tensor } from '../infer/tensor';
import type { Counterfactuals, ExplainedRow, ExplainedValue, Explanation } from './explanation';

/** The columns of a request as the tensors that every protocol brings. */
export function tensorsOfColumns({ inputs }: ExplainRequestMessage, limit: number): Tensor[] {
  return inputs.map(({ name, numbers, texts }) => {
    if (numbers.length > 0 && texts.length > 0) {
      throw errors.invalid(
        'INFERENCE.CONTENTS_INVALID',
        `The input "${name.slice(0, 200)}" has numbers and texts; it takes one of the two.`,
      );
    }
    return texts.length > 0
      ? fromValues({ name, datatype: 'BYTES', shape: [texts.length] }, texts, limit)
      : fromValues({ name, datatype: 'FP64', shape: [numbers.length] }, numbers, limit);
  });
}

/** An explanation as a message: the same figures as its JSON. */
export function explanationMessage({ rows, ...rest }: Explanation): ExplanationMessage {
  const { base_over: baseOver, base_rows: baseRows, classes, ...same } = rest;
  return { ...same, baseOver, baseRows, classes: [...classes], rows: rows.map(rowMessage) };
}

function rowMessage({ contributions, counterfactuals, ...row }: ExplainedRow): ExplainedRowMessage {
  const { probability, margin, ...same } = row;
  return {
    ...same,
    probability: probability ?? undefined,
    margin: margin ?? undefined,
    contributions: contributions.map(({ column, value, contribution }) => ({
      column,
      value: valueMessage(value),
      contribution,
    })),
    counterfactuals: counterfactuals && counterfactualsMessage(counterfactuals),
  };
}

function counterfactualsMessage({ complete, found }: Counterfactuals): CounterfactualsMessage {
  return {
    complete,
    found: found.map(({ changes, ...rest }) => ({
      ...rest,
      changes: changes.map(({ column, from, to }) => ({
        column,
        from: valueMessage(from),
        to: valueMessage(to),
      })),
    })),
  };
}

function valueMessage(value: ExplainedValue): Value | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return { kind: { $case: 'number', number: value } };
  if (typeof value === 'boolean') return { kind: { $case: 'flag', flag: value } };
  return { kind: { $case: 'text', text: value } };
}
