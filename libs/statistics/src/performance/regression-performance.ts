import {
  checkFinite,
  checkLevel,
  checkNotEmpty,
  checkSameLength,
  invalidArgument,
  type NumberList,
} from '../arguments/check-arguments';
import { twoSidedZ } from '../distributions/normal';
import { DEFAULT_CONFIDENCE, type Estimate } from '../intervals/estimate';

/** Figures of a regression; null where one is not defined for the values (say, MAPE of a zero). */
export interface RegressionFigures {
  readonly rows: number;
  /** Sum of the weights; the rows where no weights were given. */
  readonly weight: number;
  /** Mean error, predicted - actual; with a normal interval, as the next two; null interval limits never occur. */
  readonly bias: Estimate;
  readonly meanAbsoluteError: Estimate;
  readonly meanSquaredError: Estimate;
  readonly rootMeanSquaredError: number;
  /** Mean |error| / |actual|, as a share; null where an actual value is 0 (scikit-learn divides by 2.2e-16). */
  readonly meanAbsolutePercentageError: number | null;
  /** Mean 2 |error| / (|actual| + |predicted|), as a share, 0 to 2; rows where both are 0 count as 0. */
  readonly symmetricMeanAbsolutePercentageError: number;
  /** Root of the mean squared difference of ln(1 + value); null where a value is -1 or less. */
  readonly rootMeanSquaredLogError: number | null;
  /** 1 - squared error / spread of the actual values; null where these are constant. */
  readonly rSquared: number | null;
  /** Mean pinball loss at {@link RegressionPerformance.quantile}. */
  readonly pinball: number;
}

/**
 * Errors of predicted numbers, streaming and mergeable, weighted if wished, as scikit-learn's metrics of the same names.
 * Sums of doubles: merging in another order changes the last bits, so these are figures to show, and to judge by interval.
 */
export class RegressionPerformance {
  #rows = 0;
  #weight = 0;
  #weightSquares = 0;
  readonly #error = new RunningMoments();
  readonly #absolute = new RunningMoments();
  readonly #squared = new RunningMoments();
  readonly #actual = new RunningMoments();
  #percentage = 0;
  #zeroActual = false;
  #symmetric = 0;
  #logSquares = 0;
  #belowMinusOne = false;
  #pinball = 0;

  /** @param quantile that the pinball loss is for. Default 0.5, where it is half the mean absolute error. */
  constructor(readonly quantile: number = 0.5) {
    checkLevel('quantile', quantile);
  }

  add(actual: number, predicted: number, weight = 1): void {
    checkFinite('actual', actual);
    checkFinite('predicted', predicted);
    if (!(weight >= 0) || weight === Infinity)
      throw invalidArgument('weight', weight, 'a finite number of at least 0');
    if (weight === 0) return;
    const error = predicted - actual;
    this.#rows++;
    this.#weight += weight;
    this.#weightSquares += weight * weight;
    this.#error.add(error, weight);
    this.#absolute.add(Math.abs(error), weight);
    this.#squared.add(error * error, weight);
    this.#actual.add(actual, weight);
    if (actual === 0) this.#zeroActual = true;
    else this.#percentage += weight * Math.abs(error / actual);
    const size = Math.abs(actual) + Math.abs(predicted);
    if (size > 0) this.#symmetric += (weight * 2 * Math.abs(error)) / size;
    if (Math.min(actual, predicted) <= -1) this.#belowMinusOne = true;
    else this.#logSquares += weight * (Math.log1p(predicted) - Math.log1p(actual)) ** 2;
    this.#pinball += weight * (error < 0 ? -this.quantile * error : (1 - this.quantile) * error);
  }

  addAll(actual: NumberList, predicted: NumberList, weights?: NumberList): this {
    checkSameLength('actual', actual, 'predicted', predicted);
    if (weights !== undefined) checkSameLength('actual', actual, 'weights', weights);
    for (let i = 0; i < actual.length; i++) this.add(actual[i]!, predicted[i]!, weights?.[i]);
    return this;
  }

  merge(other: RegressionPerformance): this {
    if (other.quantile !== this.quantile)
      throw invalidArgument('other.quantile', other.quantile, `${this.quantile}`);
    this.#rows += other.#rows;
    this.#weight += other.#weight;
    this.#weightSquares += other.#weightSquares;
    this.#error.merge(other.#error);
    this.#absolute.merge(other.#absolute);
    this.#squared.merge(other.#squared);
    this.#actual.merge(other.#actual);
    this.#percentage += other.#percentage;
    this.#zeroActual ||= other.#zeroActual;
    this.#symmetric += other.#symmetric;
    this.#logSquares += other.#logSquares;
    this.#belowMinusOne ||= other.#belowMinusOne;
    this.#pinball += other.#pinball;
    return this;
  }

  /** @throws AppError while no row was added. */
  figures(confidence: number = DEFAULT_CONFIDENCE): RegressionFigures {
    checkNotEmpty('rows', { length: this.#rows });
    const size = (this.#weight * this.#weight) / this.#weightSquares;
    const mean = (moments: RunningMoments) => moments.estimate(size, confidence);
    const spread = this.#actual.squares;
    const meanSquaredError = mean(this.#squared);
    return {
      rows: this.#rows,
      weight: this.#weight,
      bias: mean(this.#error),
      meanAbsoluteError: mean(this.#absolute),
      meanSquaredError,
      rootMeanSquaredError: Math.sqrt(meanSquaredError.value),
      meanAbsolutePercentageError: this.#zeroActual ? null : this.#percentage / this.#weight,
      symmetricMeanAbsolutePercentageError: this.#symmetric / this.#weight,
      rootMeanSquaredLogError: this.#belowMinusOne ? null : Math.sqrt(this.#logSquares / this.#weight),
      rSquared: spread === 0 ? null : 1 - (meanSquaredError.value * this.#weight) / spread,
      pinball: this.#pinball / this.#weight,
    };
  }
}

/** Weighted mean and sum of squared deviations (West 1979), mergeable. */
class RunningMoments {
  weight = 0;
  mean = 0;
  squares = 0;

  add(value: number, weight: number): void {
    this.#combine(weight, value, 0);
  }

  merge(other: RunningMoments): void {
    if (other.weight > 0) this.#combine(other.weight, other.mean, other.squares);
  }

  /** The mean with its normal interval for `size` effective rows; as wide as can be for a single row. */
  estimate(size: number, confidence: number): Estimate {
    if (size < 1 + 1e-9) return { value: this.mean, lower: -Number.MAX_VALUE, upper: Number.MAX_VALUE };
    const variance = (this.squares / this.weight) * (size / (size - 1));
    const half = twoSidedZ(confidence) * Math.sqrt(variance / size);
    return { value: this.mean, lower: this.mean - half, upper: this.mean + half };
  }

  #combine(weight: number, mean: number, squares: number): void {
    const total = this.weight + weight;
    const delta = mean - this.mean;
    this.mean += (delta * weight) / total;
    this.squares += squares + (delta * delta * this.weight * weight) / total;
    this.weight = total;
  }
}
