/** A part of a UTC date and time: year, month (1-12), day (1-31), weekday (0 = Monday), hour, minute. */
export type DatePart = 'year' | 'month' | 'day' | 'weekday' | 'hour' | 'minute';

/** All parts, in the order of the calendar. */
export const DATE_PARTS: readonly DatePart[] = ['year', 'month', 'day', 'weekday', 'hour', 'minute'];

/** Arithmetic on values of some kind: doubles for the learner, names of nodes for the ONNX writer. */
export interface Arithmetic<T> {
  /** The greatest integer that is at most a / divisor, the division rounded to a double first. */
  floorDivide(a: T, divisor: number): T;
  /** a + b x factor. */
  addTimes(a: T, b: T, factor: number): T;
  /** a x factor + offset. */
  affine(a: T, factor: number, offset: number): T;
}

/** Arithmetic on doubles. */
export const doubleArithmetic: Arithmetic<number> = {
  floorDivide: (a, divisor) => Math.floor(a / divisor),
  addTimes: (a, b, factor) => a + b * factor,
  affine: (a, factor, offset) => a * factor + offset,
};

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/**
 * A part of a time in milliseconds since the epoch, in UTC. Written once for every kind of arithmetic, so that the
 * learner and an ONNX graph do the same steps; all are exact for whole milliseconds below 2^53. NaN and infinities
 * give NaN. The calendar is Hinnant's `civil_from_days` (proleptic Gregorian).
 */
export function datePart<T>(part: DatePart, time: T, on: Arithmetic<T>): T {
  const whole = on.floorDivide(time, 1);
  switch (part) {
    case 'minute':
      return remainder(on.floorDivide(whole, MINUTE), 60, on);
    case 'hour':
      return remainder(on.floorDivide(whole, HOUR), 24, on);
    case 'weekday':
      // The epoch was a Thursday.
      return remainder(on.affine(on.floorDivide(whole, DAY), 1, 3), 7, on);
    case 'year':
    case 'month':
    case 'day':
      return civilPart(part, on.floorDivide(whole, DAY), on);
  }
}

function remainder<T>(a: T, divisor: number, on: Arithmetic<T>): T {
  return on.addTimes(a, on.floorDivide(a, divisor), -divisor);
}

function civilPart<T>(part: 'year' | 'month' | 'day', days: T, on: Arithmetic<T>): T {
  // Years begin in March here, so that the leap day is their last.
  const shifted = on.affine(days, 1, 719_468);
  const era = on.floorDivide(shifted, 146_097);
  const dayOfEra = on.addTimes(shifted, era, -146_097);
  let spread = on.addTimes(dayOfEra, on.floorDivide(dayOfEra, 1460), -1);
  spread = on.addTimes(spread, on.floorDivide(dayOfEra, 36_524), 1);
  spread = on.addTimes(spread, on.floorDivide(dayOfEra, 146_096), -1);
  const yearOfEra = on.floorDivide(spread, 365);
  let dayOfYear = on.addTimes(dayOfEra, yearOfEra, -365);
  dayOfYear = on.addTimes(dayOfYear, on.floorDivide(yearOfEra, 4), -1);
  dayOfYear = on.addTimes(dayOfYear, on.floorDivide(yearOfEra, 100), 1);
  const month = on.floorDivide(on.affine(dayOfYear, 5, 2), 153);
  const nextYear = on.floorDivide(month, 10);
  if (part === 'month') return on.addTimes(on.affine(month, 1, 3), nextYear, -12);
  if (part === 'year') return on.addTimes(on.addTimes(yearOfEra, era, 400), nextYear, 1);
  const before = on.floorDivide(on.affine(month, 153, 2), 5);
  return on.addTimes(on.affine(dayOfYear, 1, 1), before, -1);
}
