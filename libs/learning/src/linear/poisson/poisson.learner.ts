import { checkCounts } from '../../boosting/objectives/poisson.objective';
import { weightedMean } from '../../boosting/objectives/objective';
import { checkFit } from '../../learner/check-fit';
import type { Learner } from '../../learner/learner';
import { anything, checkParameters, integer, number, type Rule } from '../../parameters/parameters';
import type { EncodingSpec } from '../../pipeline/encoding-spec';
import { denseData } from '../dense-fit';
import { newtonGlm, poissonFamily } from '../newton-glm';

/** Parameters of Poisson regression, as scikit-learn's PoissonRegressor has them. */
export interface PoissonParameters {
  /** Penalty of half the squared weights against the mean loss. Default 1. */
  readonly alpha: number;
  /** Default 100. */
  readonly maxIterations: number;
  /** Largest gradient for each unit of sample weight at which the fit ends. Default 1e-10. */
  readonly tolerance: number;
  /** Default: numbers imputed by the mean and standardised, categories one-hot. */
  readonly encoding: EncodingSpec;
}

const defaults: PoissonParameters = { alpha: 1, maxIterations: 100, tolerance: 1e-10, encoding: {} };
const rules: Readonly<Record<keyof PoissonParameters, Rule>> = {
  alpha: number({ min: 0 }),
  maxIterations: integer({ min: 1 }),
  tolerance: number({ above: 0 }),
  encoding: anything,
};

/** Regression of counts or rates (at least 0) with a log link, by Newton's method. */
export function poisson(params: Partial<PoissonParameters> = {}): Learner<PoissonParameters> {
  const checked = checkParameters('poisson', defaults, rules, params);
  const learner = { name: 'poisson', params: checked, tasks: ['regression'] as const };
  return {
    ...learner,
    fit(table, target, options = {}) {
      checkFit(learner, table, target, options);
      checkCounts(target.values);
      const data = denseData(table, checked.encoding, { ...options, target });
      const { weights } = options;
      const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : table.rows;
      const beta = newtonGlm(data, {
        family: poissonFamily,
        onProgress: options.onProgress,
        shouldStop: options.shouldStop,
        y: target.values,
        weights,
        penalty: checked.alpha * total,
        start: Math.log(Math.max(weightedMean(target.values, weights), 1e-300)),
        maxIterations: checked.maxIterations,
        tolerance: checked.tolerance,
      });
      const model = {
        features: data.features,
        outputs: 1,
        weights: beta.slice(0, data.features),
        intercepts: beta.slice(data.features),
        link: 'exp' as const,
      };
      return {
        task: 'regression',
        inputs: data.encoding.inputs,
        encoders: data.encoding.encoders,
        predictor: { kind: 'linear', model },
        classes: [],
      };
    },
  };
}
