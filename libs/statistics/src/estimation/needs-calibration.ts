import {
  checkInteger,
  checkProbabilities,
  checkSameLength,
  flagAt,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';
import { IsotonicCalibrator } from './isotonic-calibrator';

/**
 * Whether isotonic calibration helps: fitted on all but one part of the rows and applied to that part, it lowers the
 * expected calibration error over ten equally full bins. NannyML asks the same over random splits; here row i belongs to
 * part i mod `parts`, so that the answer is always the same. False with one class only, or fewer than 20 rows.
 *
 * @param parts default 3.
 */
export function needsCalibration(labels: FlagList, probabilities: NumberList, parts = 3): boolean {
  checkSameLength('labels', labels, 'probabilities', probabilities);
  checkProbabilities('probabilities', probabilities);
  checkInteger('parts', parts, 2);
  const flags = Array.from({ length: labels.length }, (_, i) => flagAt('labels', labels, i));
  const positives = flags.filter((flag) => flag === 1).length;
  if (flags.length < 20 || positives === 0 || positives === flags.length) return false;
  const calibrated = new Float64Array(flags.length);
  for (let part = 0; part < parts; part++) {
    const rest = flags.map((_, i) => i).filter((i) => i % parts !== part);
    const calibrator = IsotonicCalibrator.fit(
      rest.map((i) => flags[i]!),
      rest.map((i) => probabilities[i]!),
    );
    for (let i = part; i < flags.length; i += parts) calibrated[i] = calibrator.calibrate(probabilities[i]!);
  }
  return calibrationError(flags, calibrated) < calibrationError(flags, Float64Array.from(probabilities));
}

/** Expected calibration error over ten equally full bins of the sorted probabilities. */
function calibrationError(flags: readonly number[], probabilities: Float64Array): number {
  const order = flags.map((_, i) => i).sort((a, b) => probabilities[a]! - probabilities[b]! || a - b);
  let error = 0;
  for (let bin = 0; bin < 10; bin++) {
    const from = Math.floor((bin * order.length) / 10);
    const to = Math.floor(((bin + 1) * order.length) / 10);
    let gap = 0;
    for (let k = from; k < to; k++) gap += flags[order[k]!]! - probabilities[order[k]!]!;
    error += Math.abs(gap) / order.length;
  }
  return error;
}
