import { badParameter } from '../../parameters/parameters';
import type { BinaryTarget, MulticlassTarget, RankingTarget, Target, Task } from '../../target/target';
import type { BoostingLoss, BoostingParameters } from '../boosting-parameters';
import { lambdaMartObjective } from './lambdamart.objective';
import { logisticObjective } from './logistic.objective';
import type { Objective } from './objective';
import { poissonObjective } from './poisson.objective';
import { huberObjective, quantileObjective } from './robust.objective';
import { softmaxObjective } from './softmax.objective';
import { squaredObjective } from './squared.objective';

type LossParameters = Pick<BoostingParameters, 'loss' | 'quantile' | 'huberDelta' | 'ndcgAt'>;

const defaultLoss: Readonly<Record<Task, BoostingLoss>> = {
  binary: 'logistic',
  multiclass: 'softmax',
  regression: 'squared',
  ranking: 'lambdamart',
};

const taskOf: Readonly<Record<Exclude<BoostingLoss, 'auto'>, Task>> = {
  logistic: 'binary',
  softmax: 'multiclass',
  squared: 'regression',
  absolute: 'regression',
  huber: 'regression',
  quantile: 'regression',
  poisson: 'regression',
  lambdamart: 'ranking',
};

/** The objective for a target. Throws LEARNING.PARAMETER if the loss does not fit the kind of target. */
export function createObjective(
  target: Target,
  weights: Float64Array | undefined,
  params: LossParameters,
): Objective {
  const loss = (params.loss === 'auto' ? defaultLoss[target.kind] : params.loss) as Exclude<
    BoostingLoss,
    'auto'
  >;
  if (taskOf[loss] !== target.kind) {
    throw badParameter('gbm', 'loss', `can not be "${params.loss}" for a ${target.kind} target`, params.loss);
  }
  switch (loss) {
    case 'logistic':
      return logisticObjective(target as BinaryTarget, weights);
    case 'softmax':
      return softmaxObjective(target as MulticlassTarget, weights);
    case 'squared':
      return squaredObjective(target, weights);
    case 'absolute':
      return quantileObjective(target, weights, 0.5);
    case 'quantile':
      return quantileObjective(target, weights, params.quantile);
    case 'huber':
      return huberObjective(target, weights, params.huberDelta);
    case 'poisson':
      return poissonObjective(target, weights);
    case 'lambdamart':
      return lambdaMartObjective(target as RankingTarget, weights, params.ndcgAt);
  }
}
