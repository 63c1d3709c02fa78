import { errors } from '@steward/kernel';
import { constant } from '../baseline/constant.learner';
import { gbm } from '../boosting/gbm.learner';
import { extraTrees, randomForest } from '../forest/forest.learners';
import { elasticNet, lasso, linear, ridge } from '../linear/least-squares/least-squares.learners';
import { logistic } from '../linear/logistic/logistic.learner';
import { multinomial } from '../linear/multinomial/multinomial.learner';
import { poisson } from '../linear/poisson/poisson.learner';
import { mlp } from '../mlp/mlp.learner';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import type { Table } from '../table/table';
import type { Target } from '../target/target';
import type { FitOptions, Learner } from './learner';

/** Every learner of the library, by name. Each takes its parameters, all optional, and checks them. */
export const learners = {
  gbm,
  'random-forest': randomForest,
  'extra-trees': extraTrees,
  logistic,
  multinomial,
  linear,
  ridge,
  lasso,
  'elastic-net': elasticNet,
  poisson,
  mlp,
  constant,
} as const;

/** The name of a learner: a key of `learners`. */
export type LearnerName = keyof typeof learners;

/** A learner as data: what a pipeline definition stores. Encodings are part of the parameters (`encoding`). */
export interface LearnerSpec {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The learner that a spec describes. Throws LEARNING.LEARNER for an unknown name and LEARNING.PARAMETER. */
export function createLearner(spec: LearnerSpec): Learner {
  const known: Readonly<Record<string, (params: never) => Learner>> = learners;
  const create = Object.hasOwn(known, spec.name) ? known[spec.name] : undefined;
  if (!create) {
    throw errors.invalid(
      'LEARNING.LEARNER',
      `There is no learner "${spec.name}"; there are ${Object.keys(learners).join(', ')}.`,
    );
  }
  return create((spec.params ?? {}) as never);
}

/** Fits the pipeline that a spec describes, encoders and predictor, on the given rows only. */
export function fitPipeline(
  spec: LearnerSpec,
  table: Table,
  target: Target,
  options: FitOptions = {},
): FittedPipeline {
  return createLearner(spec).fit(table, target, options);
}
