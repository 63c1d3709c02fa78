import { errors } from '@steward/kernel';

/** Stands in a rule for whoever asks: `{ createdBy: '$self' }` means one's own objects. */
export const SELF = '$self';

/** What is known of an object. A field that is not there is unknown, not empty. */
export type DecisionObject = Readonly<Record<string, unknown>>;

/** How one condition of a rule came out; `null`: the field is unknown where the decision was asked. */
export interface ConditionResult {
  readonly field: string;
  readonly operator: ConditionOperator;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly holds: boolean | null;
}

/** Operators that a condition may use. A rule is data that arrives by event: `$regex` and the like are kept out. */
export const ConditionOperators = ['$eq', '$ne', '$in', '$nin'] as const;
export type ConditionOperator = (typeof ConditionOperators)[number];

/** As in CASL and MongoDB: a field with several values (tags) equals each of them. */
const TESTS: Readonly<Record<ConditionOperator, (values: readonly unknown[], operand: unknown) => boolean>> =
  {
    $eq: (values, operand) => values.includes(operand),
    $ne: (values, operand) => !values.includes(operand),
    $in: (values, operand) => Array.isArray(operand) && values.some((value) => operand.includes(value)),
    $nin: (values, operand) => Array.isArray(operand) && !values.some((value) => operand.includes(value)),
  };

interface CompiledCondition {
  readonly field: string;
  readonly operator: ConditionOperator;
  readonly operand: unknown;
}

/**
 * Takes the conditions of a rule apart. Throws AppError `ACCESS.RULE_INVALID` for an operator that is not known,
 * because ignoring one would widen a rule.
 */
export function compileConditions(
  conditions: Readonly<Record<string, unknown>>,
): (object: DecisionObject) => ConditionResult[] {
  const compiled = Object.entries(conditions).flatMap(([field, expected]) => compileField(field, expected));
  return (object) =>
    compiled.map(({ field, operator, operand }) => {
      const actual = Object.hasOwn(object, field) ? object[field] : undefined;
      const holds =
        actual === undefined ? null : TESTS[operator](Array.isArray(actual) ? actual : [actual], operand);
      return { field, operator, expected: operand, actual, holds };
    });
}

/** True: all hold. False: at least one does not. Null: none fails, but one could not be judged. */
export function verdictOf(results: readonly ConditionResult[]): boolean | null {
  if (results.some(({ holds }) => holds === false)) return false;
  return results.some(({ holds }) => holds === null) ? null : true;
}

function compileField(field: string, expected: unknown): CompiledCondition[] {
  if (typeof expected !== 'object' || expected === null)
    return [{ field, operator: '$eq', operand: expected }];
  return Object.entries(expected).map(([name, operand]) => {
    if (!isOperator(name)) {
      throw errors.invalid(
        'ACCESS.RULE_INVALID',
        `A rule uses the operator ${name} on ${field}. Known are ${ConditionOperators.join(', ')}.`,
      );
    }
    return { field, operator: name, operand };
  });
}

const isOperator = (name: string): name is ConditionOperator =>
  (ConditionOperators as readonly string[]).includes(name);
