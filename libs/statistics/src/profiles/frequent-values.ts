/** A value that occurs often: it occurred at least `atLeast` and at most `atMost` times. */
export interface FrequentValue<T> {
  readonly value: T;
  readonly atLeast: number;
  readonly atMost: number;
}

/** How many values a summary keeps. Its error is at most the rows divided by this, plus one. */
export const FREQUENT_NUMBERS = 16;
export const FREQUENT_TEXTS = 64;
