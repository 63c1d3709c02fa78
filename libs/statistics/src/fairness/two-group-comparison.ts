import { checkCounts, invalidArgument } from '../arguments/check-arguments';
import type { GroupCells } from './group-outcomes';

/** The integers of one side; `positive` is the favourable outcome. What {@link GroupCells} has of them. */
export type OutcomeCells = Pick<
  GroupCells,
  'truePositives' | 'falsePositives' | 'falseNegatives' | 'trueNegatives'
>;

/**
 * The figures that AIF360 and SageMaker Clarify give for one disadvantaged group against one advantaged. A figure whose
 * denominator is 0 on either side is null (Clarify gives 0 or infinity, AIF360 NaN).
 */
export interface TwoGroupComparison {
  /** Selection rate, disadvantaged - advantaged. AIF360 `statistical_parity_difference`; Clarify's DPPL with its sign turned. */
  readonly statisticalParityDifference: number;
  /** Selection rate, disadvantaged / advantaged; the four-fifths rule asks for at least 0.8. AIF360, Clarify DI. */
  readonly disparateImpact: number | null;
  /** Whether the disparate impact is at least 4/5; null where it is not defined. */
  readonly fourFifthsRule: boolean | null;
  /** True positive rate, disadvantaged - advantaged. AIF360 `equal_opportunity_difference`; Clarify's RD, sign turned. */
  readonly equalOpportunityDifference: number | null;
  /** Mean of the differences (disadvantaged - advantaged) of false and true positive rates. AIF360. */
  readonly averageOddsDifference: number | null;
  /** Mean of the same differences without their signs. AIF360 `average_abs_odds_difference`. */
  readonly averageAbsoluteOddsDifference: number | null;
  /** Larger of |difference of TPR| and |difference of FPR|. AIF360 `equalized_odds_difference`. */
  readonly equalizedOddsDifference: number | null;
  /** Specificity, disadvantaged - advantaged. Clarify SD. */
  readonly specificityDifference: number | null;
  /** Precision, advantaged - disadvantaged. Clarify DAR. */
  readonly differenceInAcceptanceRates: number | null;
  /** Negative predictive value, disadvantaged - advantaged. Clarify DRR. */
  readonly differenceInRejectionRates: number | null;
  /** Favourable outcomes per favourable decision, advantaged - disadvantaged. Clarify DCA. */
  readonly differenceInConditionalAcceptance: number | null;
  /** Unfavourable outcomes per unfavourable decision, disadvantaged - advantaged. Clarify DCR. */
  readonly differenceInConditionalRejection: number | null;
  /** Accuracy, advantaged - disadvantaged. Clarify AD. */
  readonly accuracyDifference: number;
  /** False negatives per false positive, disadvantaged - advantaged. Clarify TE. */
  readonly treatmentEquality: number | null;
}

/** Compares two groups by their outcomes. @throws AppError when a side has no row. */
export function compareTwoGroups(disadvantaged: OutcomeCells, advantaged: OutcomeCells): TwoGroupComparison {
  const d = ratesOf('disadvantaged', disadvantaged);
  const a = ratesOf('advantaged', advantaged);
  const tpr = minus(d.truePositiveRate, a.truePositiveRate);
  const fpr = minus(d.falsePositiveRate, a.falsePositiveRate);
  const disparateImpact = share(d.selectionRate, a.selectionRate);
  const odds = <T>(of: (tpr: number, fpr: number) => T) =>
    tpr === null || fpr === null ? null : of(tpr, fpr);
  return {
    statisticalParityDifference: d.selectionRate - a.selectionRate,
    disparateImpact,
    fourFifthsRule: disparateImpact === null ? null : disparateImpact >= 0.8,
    equalOpportunityDifference: tpr,
    averageOddsDifference: odds((t, f) => (t + f) / 2),
    averageAbsoluteOddsDifference: odds((t, f) => (Math.abs(t) + Math.abs(f)) / 2),
    equalizedOddsDifference: odds((t, f) => Math.max(Math.abs(t), Math.abs(f))),
    specificityDifference: minus(d.specificity, a.specificity),
    differenceInAcceptanceRates: minus(a.precision, d.precision),
    differenceInRejectionRates: minus(d.negativePredictiveValue, a.negativePredictiveValue),
    differenceInConditionalAcceptance: minus(a.conditionalAcceptance, d.conditionalAcceptance),
    differenceInConditionalRejection: minus(d.conditionalRejection, a.conditionalRejection),
    accuracyDifference: a.accuracy - d.accuracy,
    treatmentEquality: minus(d.errorRatio, a.errorRatio),
  };
}

function ratesOf(name: string, cells: OutcomeCells) {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = cells;
  checkCounts(name, [tp, fp, fn, tn]);
  const rows = tp + fp + fn + tn;
  if (rows === 0) throw invalidArgument(name, 0, 'a group with at least one row whose outcome is known');
  return {
    selectionRate: (tp + fp) / rows,
    accuracy: (tp + tn) / rows,
    truePositiveRate: share(tp, tp + fn),
    falsePositiveRate: share(fp, fp + tn),
    specificity: share(tn, fp + tn),
    precision: share(tp, tp + fp),
    negativePredictiveValue: share(tn, tn + fn),
    conditionalAcceptance: share(tp + fn, tp + fp),
    conditionalRejection: share(fp + tn, fn + tn),
    errorRatio: share(fn, fp),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
