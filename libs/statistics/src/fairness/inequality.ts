import { checkCounts, checkFinite, checkPositive, invalidArgument } from '../arguments/check-arguments';
import type { GroupOutcomes, GroupOutcomesSnapshot } from './group-outcomes';
import type { OutcomeCells } from './two-group-comparison';

/**
 * Generalised entropy index of the benefits b = prediction - outcome + 1 (Speicher and others 2018): how unevenly the
 * model's errors are spread over single people; 0 is perfectly even. alpha 1 is the Theil index (AIF360 `theil_index`),
 * alpha 2 half the squared coefficient of variation (Clarify GE, AIF360's default). A benefit is 0, 1 or 2, so counts are
 * all that is needed. Infinity for alpha 0 where a benefit is 0; null where every benefit is 0 or there are no rows.
 *
 * @param alpha default 2.
 */
export function generalisedEntropy(cells: OutcomeCells, alpha = 2): number | null {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = cells;
  checkCounts('cells', [truePositives, falsePositives, falseNegatives, trueNegatives]);
  checkFinite('alpha', alpha);
  const counts = [falseNegatives, truePositives + trueNegatives, falsePositives];
  const rows = counts[0]! + counts[1]! + counts[2]!;
  const mean = rows === 0 ? 0 : (counts[1]! + 2 * counts[2]!) / rows;
  if (mean === 0) return null;
  const average = (of: (ratio: number) => number) =>
    counts.reduce(
      (sum, count, benefit) => (count === 0 ? sum : sum + (count / rows) * of(benefit / mean)),
      0,
    );
  if (alpha === 1) return average((ratio) => (ratio === 0 ? 0 : ratio * Math.log(ratio)));
  if (alpha === 0) return -average((ratio) => Math.log(ratio));
  return average((ratio) => ratio ** alpha - 1) / (alpha * (alpha - 1));
}

/** Theil index: {@link generalisedEntropy} with alpha 1. */
export function theilIndex(cells: OutcomeCells): number | null {
  return generalisedEntropy(cells, 1);
}

/** Coefficient of variation of the benefits: sqrt(2 GE(2)). */
export function coefficientOfVariation(cells: OutcomeCells): number | null {
  const entropy = generalisedEntropy(cells, 2);
  return entropy === null ? null : Math.sqrt(2 * entropy);
}

/**
 * Smoothed empirical differential fairness (Foulds and others 2018; AIF360 of the same name): the largest |ln ratio| of
 * two groups' chances of the favourable, or of the unfavourable, decision, over all intersections that occur. 0 is equal;
 * ln 1.25 = 0.22 is the four-fifths rule.
 *
 * @param concentration of the Dirichlet prior, above 0. Default 1.
 * @param of 'decisions' (default) or 'outcomes' (rows whose outcome is known).
 * @returns null with fewer than two groups.
 */
export function smoothedDifferentialFairness(
  outcomes: GroupOutcomes | GroupOutcomesSnapshot,
  { concentration = 1, of = 'decisions' }: { concentration?: number; of?: 'decisions' | 'outcomes' } = {},
): number | null {
  checkPositive('concentration', concentration);
  if (of !== 'decisions' && of !== 'outcomes') throw invalidArgument('of', of, "'decisions' or 'outcomes'");
  const snapshot = 'toJSON' in outcomes ? outcomes.toJSON() : outcomes;
  const counts = snapshot.groups.map((group) => {
    const positive = group.truePositives + group.falseNegatives;
    const negative = group.falsePositives + group.trueNegatives;
    return of === 'decisions' ? [group.selected, group.rows] : [positive, positive + negative];
  });
  const rates = counts
    .filter(([, rows]) => rows! > 0)
    .map(([favourable, rows]) => (favourable! + concentration / 2) / (rows! + concentration));
  if (rates.length < 2) return null;
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  return Math.max(Math.log(high / low), Math.log((1 - low) / (1 - high)));
}
