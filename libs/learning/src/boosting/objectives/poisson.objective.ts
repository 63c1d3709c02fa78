import { errors } from '@steward/kernel';
import type { Target } from '../../target/target';
import { meanLoss, type Objective, weightedMean } from './objective';

const MOST_SCORE = 500;

/** Poisson deviance of counts (or rates) with mean e^score. Throws LEARNING.TARGET for negative values or only zeros. */
export function poissonObjective(target: Target, weights: Float64Array | undefined): Objective {
  checkCounts(target.values);
  const y = target.values;
  return {
    outputs: 1,
    link: 'exp',
    base: () => Float64Array.of(Math.log(weightedMean(y, weights))),
    gradients({ gradientView, scoreView }) {
      for (let i = 0; i < y.length; i++) {
        const weight = weights ? weights[i]! : 1;
        const mean = Math.exp(Math.min(scoreView[i]!, MOST_SCORE));
        gradientView[2 * i] = (mean - y[i]!) * weight;
        gradientView[2 * i + 1] = mean * weight;
      }
    },
    loss: (scores, _stride, other, otherWeights) =>
      meanLoss(
        other.values.length,
        otherWeights,
        (i) => Math.exp(scores[i]!) - other.values[i]! * scores[i]!,
      ),
  };
}

/** Throws LEARNING.TARGET unless values are at least 0 and one is above. */
export function checkCounts(values: Float64Array): void {
  const bad = values.findIndex((value) => value < 0);
  if (bad >= 0)
    throw errors.invalid('LEARNING.TARGET', `A Poisson target can not be negative; row ${bad} is.`);
  if (values.some((value) => value > 0)) return;
  throw errors.invalid('LEARNING.TARGET', 'A Poisson target needs at least one value above 0.');
}
