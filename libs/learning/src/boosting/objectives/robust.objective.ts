import type { Target } from '../../target/target';
import { meanLoss, type Objective } from './objective';
import { weightedQuantile } from './weighted-quantile';

/**
 * Quantile ("pinball") loss at a level; at 0.5 it is half the absolute error. The gradient has no curvature, so a
 * leaf takes the quantile of its rows' residuals (Friedman 2001, as LightGBM does).
 */
export function quantileObjective(
  target: Target,
  weights: Float64Array | undefined,
  level: number,
): Objective {
  const y = target.values;
  return {
    outputs: 1,
    link: 'identity',
    base: () => Float64Array.of(weightedQuantile(y, weights, level)),
    gradients({ gradientView, scoreView }) {
      for (let i = 0; i < y.length; i++) {
        const weight = weights ? weights[i]! : 1;
        gradientView[2 * i] = (scoreView[i]! >= y[i]! ? 1 - level : -level) * weight;
        gradientView[2 * i + 1] = weight;
      }
    },
    leafValue(rows, scores) {
      const residuals = Float64Array.from(rows, (row) => y[row]! - scores[row]!);
      return weightedQuantile(residuals, weights && Float64Array.from(rows, (row) => weights[row]!), level);
    },
    loss: (scores, _stride, other, otherWeights) =>
      meanLoss(other.values.length, otherWeights, (i) => {
        const residual = other.values[i]! - scores[i]!;
        return residual >= 0 ? level * residual : (level - 1) * residual;
      }),
  };
}

/** Huber's loss: squared up to `delta`, linear beyond. Starts at the median. */
export function huberObjective(target: Target, weights: Float64Array | undefined, delta: number): Objective {
  const y = target.values;
  return {
    outputs: 1,
    link: 'identity',
    base: () => Float64Array.of(weightedQuantile(y, weights, 0.5)),
    gradients({ gradientView, scoreView }) {
      for (let i = 0; i < y.length; i++) {
        const weight = weights ? weights[i]! : 1;
        gradientView[2 * i] = Math.min(Math.max(scoreView[i]! - y[i]!, -delta), delta) * weight;
        gradientView[2 * i + 1] = weight;
      }
    },
    loss: (scores, _stride, other, otherWeights) =>
      meanLoss(other.values.length, otherWeights, (i) => {
        const size = Math.abs(scores[i]! - other.values[i]!);
        return size <= delta ? (size * size) / 2 : delta * (size - delta / 2);
      }),
  };
}
