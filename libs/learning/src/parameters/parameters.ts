import { AppError, errors } from '@steward/kernel';

/** What a parameter may hold. Returns a sentence part that says what was expected, or null if the value is fine. */
export type Rule = (value: unknown) => string | null;

/** A number within [min, max]; with `above`, greater than that. */
export const number =
  (limits: { min?: number; max?: number; above?: number } = {}): Rule =>
  (value) => {
    const { min = -Infinity, max = Infinity, above = -Infinity } = limits;
    const fine =
      typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max && value > above;
    return fine ? null : `a number ${range(limits)}`;
  };

/** A whole number within [min, max]. */
export const integer =
  (limits: { min?: number; max?: number } = {}): Rule =>
  (value) =>
    Number.isSafeInteger(value) && number(limits)(value) === null ? null : `a whole number ${range(limits)}`;

/** One of the given words. */
export const oneOf =
  (...words: readonly string[]): Rule =>
  (value) =>
    words.includes(value as string) ? null : `one of ${words.join(', ')}`;

/** true or false. */
export const flag: Rule = (value) => (typeof value === 'boolean' ? null : 'true or false');

/** Any value that another function checks. */
export const anything: Rule = () => null;

/**
 * The defaults overlaid with what was given. Throws LEARNING.PARAMETER, naming learner and parameter, for a name
 * that does not exist or a value out of range. `undefined` means the default.
 */
export function checkParameters<P extends object>(
  owner: string,
  defaults: P,
  rules: Readonly<Record<keyof P & string, Rule>>,
  given: Partial<P>,
): P {
  const out = { ...defaults } as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof P & string] : undefined;
    if (!rule) throw badParameter(owner, name, `is not known; known are ${Object.keys(rules).join(', ')}`);
    const expected = rule(value);
    if (expected !== null) throw badParameter(owner, name, `must be ${expected}`, value);
    out[name] = value;
  }
  return out as P;
}

/** The error of a wrong parameter. */
export function badParameter(owner: string, name: string, problem: string, value?: unknown): AppError {
  return errors.invalid('LEARNING.PARAMETER', `Parameter "${name}" of ${owner} ${problem}.`, {
    details: { owner, parameter: name, value },
  });
}

function range({ min, max, above }: { min?: number; max?: number; above?: number }): string {
  const parts = [
    above === undefined ? '' : `above ${above}`,
    min === undefined ? '' : `of at least ${min}`,
    max === undefined ? '' : `of at most ${max}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'that is finite' : parts.join(' and ');
}
