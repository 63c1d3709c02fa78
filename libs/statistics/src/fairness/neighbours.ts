import {
  checkAllFinite,
  checkInteger,
  checkNotEmpty,
  checkSameLength,
  flagAt,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';

/**
 * Consistency (Zemel and others 2013; AIF360): 1 - mean |decision - mean decision of the k nearest rows|, the row itself
 * among them, by Euclidean distance: are people who are alike treated alike? 1 is perfect. Takes time in rows squared.
 *
 * @param features one list of numbers per row, all equally long; scale them before.
 * @param neighbours default 5; at most the number of rows.
 */
export function consistency(features: readonly NumberList[], decisions: FlagList, neighbours = 5): number {
  checkFeatures('features', features);
  checkSameLength('features', features, 'decisions', decisions);
  checkInteger('neighbours', neighbours, 1);
  const all = features.map((_, i) => i);
  let sum = 0;
  for (const row of all) {
    const near = nearest(features, features[row]!, all, Math.min(neighbours, all.length));
    const mean = near.reduce((total, i) => total + flagAt('decisions', decisions, i), 0) / near.length;
    sum += Math.abs(flagAt('decisions', decisions, row) - mean);
  }
  return 1 - sum / all.length;
}

/**
 * Flip test (Clarify's FT): the decision of every disadvantaged row is set against the majority of its nearest advantaged
 * rows (5 of them, or 1 where there are at most 9). (Flips from favourable to not - flips the other way) / disadvantaged
 * rows; positive where the disadvantaged get more favourable decisions than advantaged people like them, as Clarify's code
 * has it.
 */
export function flipTest(
  features: readonly NumberList[],
  disadvantaged: FlagList,
  favourableDecision: FlagList,
): number | null {
  checkFeatures('features', features);
  checkSameLength('features', features, 'disadvantaged', disadvantaged);
  checkSameLength('features', features, 'favourableDecision', favourableDecision);
  const rows = features.map((_, i) => i);
  const isDisadvantaged = (i: number) => flagAt('disadvantaged', disadvantaged, i) === 1;
  const below = rows.filter(isDisadvantaged);
  const above = rows.filter((i) => !isDisadvantaged(i));
  if (below.length === 0 || above.length === 0) return null;
  const neighbours = above.length > 9 ? 5 : 1;
  let flips = 0;
  for (const row of below) {
    const near = nearest(features, features[row]!, above, neighbours);
    const favourable = near.reduce((sum, i) => sum + flagAt('favourableDecision', favourableDecision, i), 0);
    flips += flagAt('favourableDecision', favourableDecision, row) - Number(2 * favourable > near.length);
  }
  return flips / below.length;
}

function checkFeatures(name: string, features: readonly NumberList[]): void {
  checkNotEmpty(name, features);
  features.forEach((row, i) => {
    checkSameLength(`${name}[0]`, features[0]!, `${name}[${i}]`, row);
    checkAllFinite(`${name}[${i}]`, row);
  });
}

/** The nearest rows; equally near ones in the order of their numbers. */
function nearest(
  features: readonly NumberList[],
  point: NumberList,
  candidates: readonly number[],
  count: number,
): number[] {
  const distances = candidates.map((i) => {
    const row = features[i]!;
    let square = 0;
    for (let j = 0; j < point.length; j++) square += (row[j]! - point[j]!) ** 2;
    return { i, square };
  });
  distances.sort((a, b) => a.square - b.square || a.i - b.i);
  return distances.slice(0, count).map(({ i }) => i);
}
