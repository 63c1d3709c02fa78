import { AppError, errors } from '@steward/kernel';

/** Any read-only sequence of numbers: a typed array or a plain array. */
export type NumberList = ArrayLike<number>;

/** Flags: 0/1 numbers (typed array) or booleans. */
export type FlagList = ArrayLike<number | boolean>;

/** What every function of this library throws on input that it cannot use: names the argument and the value. */
export function invalidArgument(argument: string, value: unknown, expectation: string): AppError {
  return errors.invalid(
    'STATISTICS.INVALID_ARGUMENT',
    `The argument '${argument}' is ${show(value)}; expected ${expectation}.`,
    {
      details: {
        argument,
        value: typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      },
    },
  );
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'object' && value !== null) {
    return 'length' in value ? `a list of ${String(value.length)}` : 'an object';
  }
  return String(value);
}

/** Refuses two lists of different lengths. */
export function checkSameLength(
  leftName: string,
  left: { readonly length: number },
  rightName: string,
  right: { readonly length: number },
): void {
  if (left.length !== right.length) {
    throw invalidArgument(
      rightName,
      right.length,
      `a list of ${left.length} entries, as many as '${leftName}' has`,
    );
  }
}

/** Refuses an empty list. */
export function checkNotEmpty(name: string, list: { readonly length: number }): void {
  if (list.length === 0) throw invalidArgument(name, 0, 'at least one entry');
}

/** Refuses NaN and infinities. */
export function checkFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw invalidArgument(name, value, 'a finite number');
}

/** Refuses anything but a finite number greater than zero. */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value)) throw invalidArgument(name, value, 'a finite number above 0');
}

/** Refuses anything outside [0, 1]. */
export function checkProbability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw invalidArgument(name, value, 'a number between 0 and 1');
}

/** Refuses a level such as a confidence or a significance outside the open interval (0, 1). */
export function checkLevel(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw invalidArgument(name, value, 'a number above 0 and below 1');
}

/** Refuses anything but an integer from `minimum` to 2^53 - 1. */
export function checkInteger(name: string, value: number, minimum = 0): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw invalidArgument(name, value, `an integer of at least ${minimum}`);
  }
}

/** Refuses a list in which an entry is not a non-negative integer; names the entry. */
export function checkCounts(name: string, counts: NumberList): void {
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (!Number.isSafeInteger(count) || count < 0) {
      throw invalidArgument(`${name}[${i}]`, count, 'an integer of at least 0');
    }
  }
}

/** Refuses a list with an entry outside [0, 1]; names the entry. */
export function checkProbabilities(name: string, values: NumberList): void {
  for (let i = 0; i < values.length; i++) checkProbabilityAt(name, i, values[i]!);
}

function checkProbabilityAt(name: string, index: number, value: number): void {
  if (!(value >= 0 && value <= 1))
    throw invalidArgument(`${name}[${index}]`, value, 'a number between 0 and 1');
}

/** Refuses a list with NaN or an infinity; names the entry. */
export function checkAllFinite(name: string, values: NumberList): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) throw invalidArgument(`${name}[${i}]`, values[i], 'a finite number');
  }
}

/** Refuses edges that are not finite and strictly increasing; names the entry. */
export function checkEdges(name: string, edges: NumberList): void {
  checkAllFinite(name, edges);
  for (let i = 1; i < edges.length; i++) {
    if (!(edges[i]! > edges[i - 1]!)) {
      throw invalidArgument(`${name}[${i}]`, edges[i], `a number above the edge before it, ${edges[i - 1]}`);
    }
  }
}

/** Refuses a flag other than 0, 1, false and true; names the entry. Returns 0 or 1. */
export function flagAt(name: string, flags: FlagList, index: number): 0 | 1 {
  const flag = flags[index];
  if (flag === 1 || flag === true) return 1;
  if (flag === 0 || flag === false) return 0;
  throw invalidArgument(`${name}[${index}]`, flag, '0, 1, false or true');
}
