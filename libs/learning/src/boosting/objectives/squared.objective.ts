import type { Target } from '../../target/target';
import { meanLoss, type Objective, weightedMean } from './objective';

/** Squared error: half its gradient is the residual, so that the hessian counts rows. */
export function squaredObjective(target: Target, weights: Float64Array | undefined): Objective {
  return {
    outputs: 1,
    link: 'identity',
    base: () => Float64Array.of(weightedMean(target.values, weights)),
    gradients({ gradientView, scoreView }) {
      for (let i = 0; i < target.values.length; i++) {
        const weight = weights ? weights[i]! : 1;
        gradientView[2 * i] = (scoreView[i]! - target.values[i]!) * weight;
        gradientView[2 * i + 1] = weight;
      }
    },
    loss: (scores, _stride, other, otherWeights) =>
      meanLoss(other.values.length, otherWeights, (i) => (scores[i]! - other.values[i]!) ** 2),
  };
}
