/** A figure with its confidence interval, `lower <= value <= upper`. */
export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** A share with its confidence interval and the integers that it was made of. */
export interface RateEstimate extends Estimate {
  readonly successes: number;
  readonly trials: number;
}

/** The confidence of every interval of this library unless the caller says otherwise. */
export const DEFAULT_CONFIDENCE = 0.95;
