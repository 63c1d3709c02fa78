import { checkSameLength, invalidArgument, type NumberList } from '../arguments/check-arguments';

/** Refuses weights of another length, negative or not finite ones, and weights that are all 0. Returns their sum. */
export function checkWeights(weights: NumberList, rows: { readonly length: number }): number {
  checkSameLength('labels', rows, 'weights', weights);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0) || weight === Infinity) {
      throw invalidArgument(`weights[${i}]`, weight, 'a finite number of at least 0');
    }
    sum += weight;
  }
  if (weights.length > 0 && sum === 0) throw invalidArgument('weights', sum, 'weights with a sum above 0');
  return sum;
}
