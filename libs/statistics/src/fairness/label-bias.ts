import {
  checkCounts,
  checkSameLength,
  flagAt,
  invalidArgument,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';
import {
  jensenShannonDistance,
  kullbackLeibler,
  maximumDifference,
  totalVariation,
} from '../drift/divergences';

/**
 * Bias that lies in the data before any model is trained: SageMaker Clarify's pre-training list, of the outcomes of a
 * disadvantaged group (d) against an advantaged one (a). Divergences are over the outcome's classes, in nats.
 */
export interface LabelBias {
  /** CI, class imbalance: (rows a - rows d) / all. */
  readonly classImbalance: number;
  /** DPL: share of the favourable outcome, a - d. */
  readonly differenceInPositiveProportions: number;
  /** KL of a from d. Infinity where a class occurs in a only (Clarify leaves such classes out). */
  readonly kullbackLeibler: number;
  /** JS divergence (not its root). */
  readonly jensenShannon: number;
  /** LP: L2 norm of the difference. */
  readonly l2Norm: number;
  /** TVD. */
  readonly totalVariation: number;
  /** KS: the largest difference of a class's share. */
  readonly maximumDifference: number;
}

/**
 * {@link LabelBias} from counts of the outcome's classes.
 *
 * @param disadvantaged rows of the group by outcome class.
 * @param advantaged rows of the other group, same classes.
 * @param favourable number of the favourable class.
 */
export function labelBias(disadvantaged: NumberList, advantaged: NumberList, favourable: number): LabelBias {
  checkSameLength('disadvantaged', disadvantaged, 'advantaged', advantaged);
  checkCounts('disadvantaged', disadvantaged);
  checkCounts('advantaged', advantaged);
  if (!Number.isInteger(favourable) || favourable < 0 || favourable >= disadvantaged.length) {
    throw invalidArgument(
      'favourable',
      favourable,
      `the number of a class, 0 to ${disadvantaged.length - 1}`,
    );
  }
  const d = total(disadvantaged);
  const a = total(advantaged);
  const jensenShannon = jensenShannonDistance(advantaged, disadvantaged, Math.E);
  let squares = 0;
  for (let i = 0; i < disadvantaged.length; i++) squares += (advantaged[i]! / a - disadvantaged[i]! / d) ** 2;
  return {
    classImbalance: (a - d) / (a + d),
    differenceInPositiveProportions: advantaged[favourable]! / a - disadvantaged[favourable]! / d,
    kullbackLeibler: kullbackLeibler(advantaged, disadvantaged).value,
    jensenShannon: jensenShannon.value ** 2,
    l2Norm: Math.sqrt(squares),
    totalVariation: totalVariation(advantaged, disadvantaged).value,
    maximumDifference: maximumDifference(advantaged, disadvantaged).value,
  };
}

/**
 * Conditional demographic disparity (Wachter, Mittelstadt and Russell 2020; Clarify's CDDL on outcomes, CDDPL on
 * decisions): the disadvantaged group's share of the rejected minus its share of the accepted, in each stratum, averaged
 * by the strata's rows. Guards against Simpson's paradox. Null without rows.
 *
 * @param disadvantaged whether the row belongs to the disadvantaged group.
 * @param favourable whether its outcome or decision is the favourable one.
 * @param strata the group that each row is compared within.
 */
export function conditionalDemographicDisparity(
  disadvantaged: FlagList,
  favourable: FlagList,
  strata: ArrayLike<string>,
): number | null {
  checkSameLength('disadvantaged', disadvantaged, 'favourable', favourable);
  checkSameLength('disadvantaged', disadvantaged, 'strata', strata);
  if (strata.length === 0) return null;
  const cells = new Map<string, Float64Array>();
  for (let i = 0; i < strata.length; i++) {
    const counts = cells.get(strata[i]!) ?? new Float64Array(4);
    const cell = 2 * flagAt('favourable', favourable, i) + flagAt('disadvantaged', disadvantaged, i);
    counts[cell]! += 1;
    cells.set(strata[i]!, counts);
  }
  let sum = 0;
  for (const [rejectedA = 0, rejectedD = 0, acceptedA = 0, acceptedD = 0] of cells.values()) {
    const rejected = rejectedA + rejectedD;
    const accepted = acceptedA + acceptedD;
    const disparity =
      (rejected === 0 ? 0 : rejectedD / rejected) - (accepted === 0 ? 0 : acceptedD / accepted);
    sum += (rejected + accepted) * disparity;
  }
  return sum / strata.length;
}

function total(counts: NumberList): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}
