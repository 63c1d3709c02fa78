import { errors } from '@steward/kernel';

/** Operators that a condition may use. A rule is data that arrives by event: `$regex` and the like are kept out. */
const OPERATORS = {
  $eq: (value: unknown, operand: unknown) => value === operand,
  $ne: (value: unknown, operand: unknown) => value !== operand,
  $in: (value: unknown, operand: unknown) => Array.isArray(operand) && operand.includes(value),
} as const;

type Operator = keyof typeof OPERATORS;
type Test = (object: Readonly<Record<string, unknown>>) => boolean;

/**
 * Compiles the conditions of a rule: every field must hold (equality, or all of its operators). Throws AppError
 * `ACCESS.RULE_INVALID` for an operator that is not known, because ignoring one would widen a rule.
 */
export function compileConditions(conditions: Readonly<Record<string, unknown>>): Test {
  const tests = Object.entries(conditions).flatMap(([field, expected]) => compileField(field, expected));
  return (object) => tests.every((test) => test(object));
}

function compileField(field: string, expected: unknown): Test[] {
  if (typeof expected !== 'object' || expected === null) return [(object) => object[field] === expected];
  return Object.entries(expected).map(([name, operand]) => {
    if (!Object.hasOwn(OPERATORS, name)) {
      throw errors.invalid(
        'ACCESS.RULE_INVALID',
        `A rule uses the operator ${name} on ${field}. Known are ${Object.keys(OPERATORS).join(', ')}.`,
      );
    }
    const holds = OPERATORS[name as Operator];
    return (object) => holds(object[field], operand);
  });
}
