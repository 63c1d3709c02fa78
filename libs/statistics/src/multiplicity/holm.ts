import { checkProbabilities } from '../arguments/check-arguments';

/**
 * Holm's step-down adjustment (Holm 1979): rejecting where the adjusted p-value is below alpha keeps the chance of even
 * one false rejection below alpha, whatever the dependence between the tests. As statsmodels' `multipletests('holm')`.
 *
 * @param pValues in any order; the result has the same order.
 * @throws AppError when an entry lies outside [0, 1].
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  checkProbabilities('pValues', pValues);
  const count = pValues.length;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const adjusted = new Float64Array(count);
  let running = 0;
  for (let rank = 0; rank < count; rank++) {
    running = Math.max(running, Math.min(1, (count - rank) * pValues[order[rank]!]!));
    adjusted[order[rank]!] = running;
  }
  return adjusted;
}
