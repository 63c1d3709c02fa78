import {
  checkNotEmpty,
  checkProbabilities,
  checkProbability,
  checkSameLength,
  flagAt,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';
import { twoSidedZ } from '../distributions/normal';
import { DEFAULT_CONFIDENCE, type Estimate } from '../intervals/estimate';
import { calibration, type Calibration } from './calibration';
import {
  balancedAccuracy,
  cohensKappa,
  confusionRates,
  fBeta,
  matthewsCorrelation,
  type Confusion,
  type ConfusionRates,
} from './confusion';
import { rocAuc, type AucEstimate } from './roc-auc';

/** Threshold, confidence and bins of a binary evaluation. */
export interface BinaryPerformanceOptions {
  /** A row is decided positive if its probability is at least this. Default 0.5. */
  readonly threshold?: number;
  /** Of every interval. Default 0.95. */
  readonly confidence?: number;
  /** Equally wide bins of the calibration error. Default 10. */
  readonly calibrationBins?: number;
}

/** Every figure of a binary classifier that gives probabilities. A plain object that is safe to write as JSON. */
export interface BinaryPerformance {
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  readonly threshold: number;
  readonly confidence: number;
  readonly confusion: Confusion;
  /** Wilson intervals. */
  readonly rates: ConfusionRates;
  /** Null where a class is absent. */
  readonly auc: AucEstimate | null;
  /** Mean of -ln(probability of what happened), nats, cut at 2.2e-16 as scikit-learn; interval of the mean. */
  readonly logLoss: Estimate;
  /** Mean squared error of the probability; interval of the mean. */
  readonly brier: Estimate;
  readonly calibration: Calibration;
  readonly f1: number | null;
  readonly matthewsCorrelation: number;
  readonly kappa: number | null;
  readonly balancedAccuracy: number | null;
}

const SMALLEST_PROBABILITY = 2 ** -52;

/**
 * Evaluates probabilities of the positive class against what happened.
 *
 * @param labels 1 or true where the positive class happened.
 * @param probabilities of the positive class, in [0, 1], as long as `labels`.
 * @throws AppError on no rows, different lengths, a label that is not a flag, or a probability outside [0, 1].
 */
export function binaryPerformance(
  labels: FlagList,
  probabilities: NumberList,
  options: BinaryPerformanceOptions = {},
): BinaryPerformance {
  const { threshold = 0.5, confidence = DEFAULT_CONFIDENCE, calibrationBins = 10 } = options;
  checkNotEmpty('labels', labels);
  checkSameLength('labels', labels, 'probabilities', probabilities);
  checkProbabilities('probabilities', probabilities);
  const confusion = confusionAt(labels, probabilities, threshold);
  const { logLosses, squaredErrors } = lossesPerRow(labels, probabilities);
  const positives = confusion.truePositives + confusion.falseNegatives;
  return {
    rows: labels.length,
    positives,
    negatives: labels.length - positives,
    threshold,
    confidence,
    confusion,
    rates: confusionRates(confusion, confidence),
    auc: rocAuc(labels, probabilities, confidence),
    logLoss: meanWithInterval(logLosses, confidence),
    brier: meanWithInterval(squaredErrors, confidence),
    calibration: calibration(labels, probabilities, calibrationBins)!,
    f1: fBeta(confusion),
    matthewsCorrelation: matthewsCorrelation(confusion),
    kappa: cohensKappa(confusion),
    balancedAccuracy: balancedAccuracy(confusion),
  };
}

/** The four cells of the decision "positive if the probability is at least `threshold`". */
export function confusionAt(labels: FlagList, probabilities: NumberList, threshold: number): Confusion {
  checkProbability('threshold', threshold);
  checkSameLength('labels', labels, 'probabilities', probabilities);
  const cells = new Float64Array(4);
  for (let i = 0; i < labels.length; i++) {
    const decided = probabilities[i]! >= threshold ? 0 : 2;
    cells[decided + (flagAt('labels', labels, i) === 1 ? 0 : 1)]! += 1;
  }
  const [truePositives, falsePositives, falseNegatives, trueNegatives] = cells as unknown as [
    number,
    number,
    number,
    number,
  ];
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
}

function lossesPerRow(labels: FlagList, probabilities: NumberList) {
  const logLosses = new Float64Array(labels.length);
  const squaredErrors = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = flagAt('labels', labels, i);
    const clipped = Math.min(1 - SMALLEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, probabilities[i]!));
    logLosses[i] = label === 1 ? -Math.log(clipped) : -Math.log1p(-clipped);
    squaredErrors[i] = (probabilities[i]! - label) ** 2;
  }
  return { logLosses, squaredErrors };
}

/**
 * A mean with its normal interval, value ± z s / sqrt(n), not below 0. For a single row the spread is unknown and the
 * interval runs to Infinity's stand-in, the largest finite number, so that it excludes no bound and stays JSON.
 */
function meanWithInterval(losses: Float64Array, confidence: number): Estimate {
  const n = losses.length;
  let sum = 0;
  for (const loss of losses) sum += loss;
  const value = sum / n;
  if (n === 1) return { value, lower: 0, upper: Number.MAX_VALUE };
  let squares = 0;
  for (const loss of losses) squares += (loss - value) * (loss - value);
  const half = twoSidedZ(confidence) * Math.sqrt(squares / (n - 1) / n);
  return { value, lower: Math.max(0, value - half), upper: value + half };
}
