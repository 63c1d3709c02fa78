import { meanNdcg } from '../boosting/objectives/lambdamart.objective';
import type { Target } from '../target/target';

/**
 * The loss of predictions as `predict` gives them (row-major, `width` each): log loss for classes, mean squared error
 * for regression, 1 - NDCG for ranking. Rows whose prediction is NaN are left out.
 */
export function predictionLoss(
  target: Target,
  predicted: Float64Array,
  width: number,
  weights?: Float64Array,
): number {
  if (target.kind === 'ranking') return 1 - meanNdcg(predicted, target, 30);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < target.values.length; i++) {
    const y = target.values[i]!;
    if (Number.isNaN(predicted[i * width]!)) continue;
    const weight = weights ? weights[i]! : 1;
    const loss =
      target.kind === 'regression'
        ? (predicted[i]! - y) ** 2
        : -Math.log(Math.max(predicted[i * width + y]!, 1e-15));
    sum += weight * loss;
    total += weight;
  }
  return sum / total;
}
