import {
  checkAllFinite,
  checkNotEmpty,
  checkSameLength,
  invalidArgument,
  type NumberList,
} from '../arguments/check-arguments';
import type { SamplingErrorComponents } from './sampling-error';

/** Any learner of numbers; `libs/learning` has some. Rows are lists of numbers, all equally long. */
export interface RegressorPort {
  fit(
    rows: readonly NumberList[],
    targets: Float64Array,
  ): { predict(rows: readonly NumberList[]): Float64Array };
}

/** The losses whose mean can be estimated: MAE, MSE (and its root), MAPE, MSLE (and its root). */
export type EstimatedLoss = 'absolute' | 'squared' | 'absolute_percentage' | 'squared_log';

/** Losses of a regression as a second model predicts them, without labels. */
export interface LossEstimate {
  readonly rows: number;
  /** Mean loss. */
  readonly mean: number;
  /** Its root, for 'squared' (RMSE) and 'squared_log' (RMSLE); null for the others. */
  readonly root: number | null;
}

/**
 * Direct loss estimation (DLE, NannyML) of a model that predicts numbers: a second learner is fitted on the reference to
 * predict the first one's loss from the features and its prediction; its mean over a window estimates the window's loss
 * before outcomes are known. Like CBPE it sees changed inputs, not a changed meaning of them.
 */
export class DirectLossEstimator {
  private constructor(
    readonly loss: EstimatedLoss,
    /** For {@link samplingError}. */
    readonly components: SamplingErrorComponents,
    private readonly model: { predict(rows: readonly NumberList[]): Float64Array },
  ) {}

  /**
   * @param features of reference rows that the model was not fitted on.
   * @param predictions the model's, and
   * @param actual what happened.
   */
  static fit(
    loss: EstimatedLoss,
    features: readonly NumberList[],
    predictions: NumberList,
    actual: NumberList,
    regressor: RegressorPort,
  ): DirectLossEstimator {
    checkNotEmpty('features', features);
    checkSameLength('features', features, 'predictions', predictions);
    checkSameLength('features', features, 'actual', actual);
    checkAllFinite('predictions', predictions);
    checkAllFinite('actual', actual);
    const losses = Float64Array.from({ length: actual.length }, (_, i) =>
      lossOf(loss, actual[i]!, predictions[i]!, i),
    );
    const mean = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    const variance = losses.reduce((sum, value) => sum + (value - mean) ** 2, 0) / losses.length;
    const model = regressor.fit(withPredictions(features, predictions), losses);
    return new DirectLossEstimator(loss, { deviation: Math.sqrt(variance), share: 1 }, model);
  }

  /** Estimates the mean loss of a window. Estimated losses below 0 count as 0. */
  estimate(features: readonly NumberList[], predictions: NumberList): LossEstimate {
    checkNotEmpty('features', features);
    checkSameLength('features', features, 'predictions', predictions);
    const losses = this.model.predict(withPredictions(features, predictions));
    checkSameLength('features', features, 'estimated losses', losses);
    checkAllFinite('estimated losses', losses);
    const mean = losses.reduce((sum, value) => sum + Math.max(0, value), 0) / losses.length;
    const rooted = this.loss === 'squared' || this.loss === 'squared_log';
    return { rows: losses.length, mean, root: rooted ? Math.sqrt(mean) : null };
  }
}

function lossOf(loss: EstimatedLoss, actual: number, predicted: number, row: number): number {
  if (loss === 'absolute') return Math.abs(predicted - actual);
  if (loss === 'squared') return (predicted - actual) ** 2;
  if (loss === 'absolute_percentage') {
    if (actual === 0)
      throw invalidArgument(`actual[${row}]`, actual, 'a number other than 0 for a percentage');
    return Math.abs((predicted - actual) / actual);
  }
  if (Math.min(actual, predicted) <= -1) {
    throw invalidArgument(`actual[${row}]`, Math.min(actual, predicted), 'numbers above -1 for a logarithm');
  }
  return (Math.log1p(predicted) - Math.log1p(actual)) ** 2;
}

function withPredictions(features: readonly NumberList[], predictions: NumberList): NumberList[] {
  return features.map((row, i) => Float64Array.from([...Array.from(row), predictions[i]!]));
}
