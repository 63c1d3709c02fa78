import type { Target } from '../../target/target';
import { badParameter } from '../../parameters/parameters';
import type { BoostingParameters } from '../boosting-parameters';
import { logisticObjective } from './logistic.objective';
import type { Objective } from './objective';
import { squaredObjective } from './squared.objective';

/** The objective for a target. Throws LEARNING.PARAMETER if the loss does not fit the kind of target. */
export function createObjective(
  target: Target,
  weights: Float64Array | undefined,
  params: Pick<BoostingParameters, 'loss'>,
): Objective {
  const loss = params.loss === 'auto' ? defaultLoss(target) : params.loss;
  if (loss === 'logistic' && target.kind === 'binary') return logisticObjective(target, weights);
  if (loss === 'squared' && target.kind === 'regression') return squaredObjective(target, weights);
  throw badParameter('gbm', 'loss', `can not be "${params.loss}" for a ${target.kind} target`, params.loss);
}

function defaultLoss(target: Target): string {
  return target.kind === 'binary' ? 'logistic' : 'squared';
}
