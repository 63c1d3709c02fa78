import type { BinaryTarget } from '../../target/target';
import { meanLoss, type Objective, softplus, weightedMean } from './objective';

/** Binary cross-entropy of sigmoid(score). With one class only, the base score is that of a chance of 1e-12. */
export function logisticObjective(target: BinaryTarget, weights: Float64Array | undefined): Objective {
  return {
    outputs: 1,
    link: 'logistic',
    base() {
      const mean = weightedMean(target.values, weights);
      const p = Math.min(Math.max(mean, 1e-12), 1 - 1e-12);
      return Float64Array.of(Math.log(p / (1 - p)));
    },
    gradients({ kernel, scores, targets, weights: at, gradients, stride }) {
      kernel.logisticGradients(scores, targets, weights ? at : 0, gradients, stride);
    },
    loss: (scores, _stride, other, otherWeights) =>
      meanLoss(other.values.length, otherWeights, (i) =>
        softplus(other.values[i] === 1 ? -scores[i]! : scores[i]!),
      ),
  };
}
