import {
  checkInteger,
  checkProbabilities,
  checkSameLength,
  flagAt,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean predicted probability; null for an empty bin. */
  readonly meanProbability: number | null;
  /** Share of positives; null for an empty bin. */
  readonly positiveShare: number | null;
}

/** How well probabilities fit what happened, over equally wide bins of the probability. */
export interface Calibration {
  /** Expected calibration error: sum over bins of rows/all x |positive share - mean probability|. 0 is perfect. */
  readonly expectedError: number;
  /** The largest |positive share - mean probability| of any bin. */
  readonly maximumError: number;
  readonly curve: readonly CalibrationBin[];
}

/**
 * Reliability of predicted probabilities in `bins` equally wide bins of (from, to], the first closed at 0 (Naeini, Cooper
 * and Hauskrecht 2015).
 *
 * @param bins default 10.
 * @returns null for no rows.
 */
export function calibration(labels: FlagList, probabilities: NumberList, bins = 10): Calibration | null {
  checkSameLength('labels', labels, 'probabilities', probabilities);
  checkProbabilities('probabilities', probabilities);
  checkInteger('bins', bins, 1);
  if (labels.length === 0) return null;
  const rows = new Float64Array(bins);
  const probabilitySum = new Float64Array(bins);
  const positives = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probabilities[i]! * bins) - 1));
    rows[bin]! += 1;
    probabilitySum[bin]! += probabilities[i]!;
    positives[bin]! += flagAt('labels', labels, i);
  }
  return summarise(rows, probabilitySum, positives, labels.length);
}

function summarise(
  rows: Float64Array,
  sums: Float64Array,
  positives: Float64Array,
  all: number,
): Calibration {
  let expectedError = 0;
  let maximumError = 0;
  const curve: CalibrationBin[] = [];
  for (let bin = 0; bin < rows.length; bin++) {
    const count = rows[bin]!;
    const meanProbability = count === 0 ? null : sums[bin]! / count;
    const positiveShare = count === 0 ? null : positives[bin]! / count;
    curve.push({
      from: bin / rows.length,
      to: (bin + 1) / rows.length,
      rows: count,
      meanProbability,
      positiveShare,
    });
    if (count === 0) continue;
    const error = Math.abs(positives[bin]! - sums[bin]!) / count;
    expectedError += (count / all) * error;
    maximumError = Math.max(maximumError, error);
  }
  return { expectedError, maximumError, curve };
}
