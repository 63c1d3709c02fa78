import { errors } from '@steward/kernel';
import type { Table } from '../table/table';
import { checkTarget, checkWeights, type Target } from '../target/target';
import type { FitOptions, Learner } from './learner';

/** Throws unless a learner can learn this target from this table with these options. */
export function checkFit(
  learner: Pick<Learner, 'name' | 'tasks'>,
  table: Table,
  target: Target,
  options: FitOptions,
): void {
  if (!learner.tasks.includes(target.kind)) {
    throw errors.invalid(
      'LEARNING.TASK',
      `Learner "${learner.name}" can not learn a ${target.kind} target; it can learn ${learner.tasks.join(', ')}.`,
    );
  }
  checkTarget(table.rows, target);
  checkWeights(table.rows, options.weights);
  if (!options.validation) return;
  const { validation } = options;
  if (validation.target.kind !== target.kind) {
    throw errors.invalid('LEARNING.TASK', 'The validation target must be of the same kind as the target.');
  }
  checkTarget(validation.table.rows, validation.target);
  checkWeights(validation.table.rows, validation.weights);
}
