import type { LearnerSpec } from '../learner/learners';
import type { SearchSpace } from '../search/search-space';
import type { Table } from '../table/table';
import type { Task } from '../target/target';

/** A learner to try, and what of it may be searched. */
export interface Candidate {
  readonly spec: LearnerSpec;
  /** Why it is tried. */
  readonly reason: string;
  readonly space?: SearchSpace;
}

const boostingSpace: SearchSpace = {
  learningRate: { kind: 'number', min: 0.02, max: 0.3, log: true },
  trees: { kind: 'integer', min: 50, max: 500, log: true },
  maxLeaves: { kind: 'integer', min: 4, max: 128, log: true },
  minChildSamples: { kind: 'integer', min: 5, max: 100, log: true },
  l2: { kind: 'number', min: 1e-3, max: 10, log: true },
  columnSample: { kind: 'number', min: 0.4, max: 1 },
  rowSample: { kind: 'number', min: 0.5, max: 1 },
};

const logRange = (min: number, max: number) => ({ kind: 'number', min, max, log: true }) as const;

/** Learners worth trying on a task, plainest first. */
export function candidatesFor(task: Task, table: Table): Candidate[] {
  const wide = table.columns.some((column) => column.kind === 'categorical' && column.categories.length > 64);
  const encoding = wide ? { encoding: { categorical: { kind: 'target' } } } : {};
  const boosting: Candidate = {
    spec: { name: 'gbm' },
    reason: 'interactions and missing values',
    space: boostingSpace,
  };
  const baseline: Candidate = { spec: { name: 'constant' }, reason: 'the baseline that a model must beat' };
  switch (task) {
    case 'binary':
      return [
        baseline,
        {
          spec: { name: 'logistic', params: encoding },
          reason: wide
            ? 'a linear model, large categories encoded by the target'
            : 'a linear model, easy to explain',
          space: { c: logRange(1e-3, 100) },
        },
        { spec: { name: 'random-forest' }, reason: 'robust without tuning' },
        boosting,
      ];
    case 'multiclass':
      return [
        baseline,
        {
          spec: { name: 'multinomial' },
          reason: 'a linear model, easy to explain',
          space: { c: logRange(1e-3, 100) },
        },
        { spec: { name: 'random-forest' }, reason: 'robust without tuning' },
        boosting,
      ];
    case 'regression':
      return [
        baseline,
        {
          spec: { name: 'ridge', params: encoding },
          reason: wide
            ? 'a linear model, large categories encoded by the target'
            : 'a linear model, easy to explain',
          space: { alpha: logRange(1e-2, 1e4) },
        },
        { spec: { name: 'random-forest' }, reason: 'robust without tuning' },
        boosting,
      ];
    case 'ranking':
      return [boosting];
  }
}
