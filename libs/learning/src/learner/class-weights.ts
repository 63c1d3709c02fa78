import type { Target } from '../target/target';

/**
 * Sample weights times class weights. 'balanced' gives class c the weight rows / (classes x rows of c), counting rows
 * by their weights, as scikit-learn does. Other targets than classes are left as they are.
 */
export function withClassWeights(
  target: Target,
  weights: Float64Array | undefined,
  mode: 'none' | 'balanced',
): Float64Array | undefined {
  if (mode === 'none' || (target.kind !== 'binary' && target.kind !== 'multiclass')) return weights;
  const sums = new Float64Array(target.classes.length);
  let total = 0;
  for (let i = 0; i < target.values.length; i++) {
    const weight = weights ? weights[i]! : 1;
    sums[target.values[i]!]! += weight;
    total += weight;
  }
  const seen = sums.filter((sum) => sum > 0).length;
  return Float64Array.from(
    target.values,
    (code, i) => (weights ? weights[i]! : 1) * (total / (seen * sums[code]!)),
  );
}
