import { checkFit } from '../learner/check-fit';
import type { Learner } from '../learner/learner';
import { checkParameters } from '../parameters/parameters';
import { widthOf } from '../pipeline/encode';
import { denseEncoding } from '../pipeline/encoding-spec';
import { fitEncoders } from '../pipeline/fit-encoders';
import { classesOf, type Target } from '../target/target';

/** The baseline that every model must beat: the classes' shares, or the mean, whatever the row. */
export function constant(params: Partial<Record<string, never>> = {}): Learner<Record<string, never>> {
  const checked = checkParameters<Record<string, never>>('constant', {}, {}, params);
  const learner = {
    name: 'constant',
    params: checked,
    tasks: ['binary', 'multiclass', 'regression'] as const,
  };
  return {
    ...learner,
    fit(table, target, options = {}) {
      checkFit(learner, table, target, options);
      const { inputs, encoders } = fitEncoders(table, {}, denseEncoding);
      const { intercepts, link } = constantScores(target, options.weights);
      const features = widthOf(encoders);
      const outputs = intercepts.length;
      const model = { features, outputs, weights: new Float64Array(features * outputs), intercepts, link };
      return {
        task: target.kind,
        inputs,
        encoders,
        predictor: { kind: 'linear', model },
        classes: classesOf(target),
      };
    },
  };
}

function constantScores(target: Target, weights: Float64Array | undefined) {
  let total = 0;
  const sums = new Float64Array(Math.max(1, classesOf(target).length));
  target.values.forEach((value, i) => {
    const weight = weights ? weights[i]! : 1;
    total += weight;
    if (target.kind === 'regression') sums[0]! += weight * value;
    else sums[value]! += weight;
  });
  const shares = sums.map((sum) => sum / total);
  if (target.kind === 'regression') return { intercepts: shares, link: 'identity' as const };
  const logs = shares.map((share) => Math.log(Math.max(share, 1e-12)));
  if (target.kind === 'multiclass') return { intercepts: logs, link: 'softmax' as const };
  return { intercepts: Float64Array.of(logs[1]! - logs[0]!), link: 'logistic' as const };
}
