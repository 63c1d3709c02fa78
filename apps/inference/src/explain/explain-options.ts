import type { ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { z } from 'zod';

/** Rows of one request whose counterfactuals may be asked for: each takes thousands of predictions. */
export const MOST_COUNTERFACTUAL_ROWS = 16;

const column = z.string().min(1).max(200);

/** Which counterfactuals are wanted. */
export const CounterfactualOptions = z.strictObject({
  /** Of which rows of the request. Unsaid: of all, where they are {@link MOST_COUNTERFACTUAL_ROWS} at most. */
  rows: z.array(z.int().min(0).max(9_999_999)).max(MOST_COUNTERFACTUAL_ROWS).optional(),
  /** Columns that cannot be changed. Sensitive columns never are, whether named or not. */
  immutable: z.array(column).max(2_000).default([]),
  /** Numbers and times that can only rise or fall. */
  direction: z.record(column, z.enum(['rises', 'falls'])).default({}),
  /** Columns that change at once. */
  max_changes: z.int().min(1).max(5).default(3),
  /** How many different sets of changes a row gets. */
  count: z.int().min(1).max(10).default(3),
});
export type CounterfactualOptions = z.output<typeof CounterfactualOptions>;

/** What is wanted beside the contributions. */
export interface ExplainOptions {
  readonly counterfactuals?: CounterfactualOptions | undefined;
}

/** What the parameter `explain` of an inference request asks for. Throws INFERENCE.PARAMETER_INVALID. */
export function explainParameter(value: unknown): ExplainOptions | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return {};
  throw errors.invalid('INFERENCE.PARAMETER_INVALID', 'The parameter "explain" is true or false.');
}

/** What may change of a row, by the contract and the request together. */
export interface AllowedChanges {
  readonly immutable: readonly string[];
  readonly direction: Readonly<Record<string, 1 | -1>>;
}

/**
 * Joins what the contract says of its columns with what the request says: neither can allow what the other forbids.
 * Sensitive columns never change. Throws INFERENCE.COLUMN_UNKNOWN and INFERENCE.DIRECTION_INVALID.
 */
export function allowedChanges(
  { inputs, sensitive }: Pick<ModelDescriptor, 'inputs' | 'sensitive'>,
  { immutable, direction }: CounterfactualOptions,
): AllowedChanges {
  const kinds = new Map(inputs.map(({ name, kind }) => [name, kind]));
  const unknown = [...immutable, ...Object.keys(direction)].filter((name) => !kinds.has(name));
  if (unknown.length > 0) {
    throw errors.invalid(
      'INFERENCE.COLUMN_UNKNOWN',
      `The model has no input ${unknown.slice(0, 5).join(', ')}; it has ${[...kinds.keys()].slice(0, 50).join(', ')}.`,
    );
  }
  const fixed = new Set([...immutable, ...sensitive.filter((name) => kinds.has(name))]);
  const ways: Record<string, 1 | -1> = {};
  for (const { name, kind, change } of inputs) {
    if (change === 'never') fixed.add(name);
    const asked = direction[name];
    if (asked !== undefined && kind !== 'numeric' && kind !== 'time') {
      throw errors.invalid(
        'INFERENCE.DIRECTION_INVALID',
        `The input ${name} is ${kind}: only numbers and times rise or fall.`,
      );
    }
    const said = [change, asked].filter((way) => way === 'rises' || way === 'falls');
    if (new Set(said).size > 1) fixed.add(name);
    else if (said[0]) ways[name] = said[0] === 'rises' ? 1 : -1;
  }
  return { immutable: [...fixed], direction: ways };
}
