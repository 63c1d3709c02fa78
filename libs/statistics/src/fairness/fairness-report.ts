import { checkInteger, checkLevel, checkNotEmpty } from '../arguments/check-arguments';
import { DEFAULT_CONFIDENCE, type RateEstimate } from '../intervals/estimate';
import { largestDifference, smallestRatio, type Disparity, type LabelledRate } from './disparity';
import { figuresOf, groupsBy, type FairnessMinimums, type GroupFigures } from './group-figures';
import type { GroupOutcomes, GroupOutcomesSnapshot } from './group-outcomes';

/** Which attributes make the groups, when a group is large enough, and the confidence of intervals. */
export interface FairnessOptions {
  /** The attributes that make the groups; several give their intersections. Default: all that were counted. */
  readonly by?: readonly string[];
  readonly minimums?: Partial<FairnessMinimums>;
  /** Of every interval. Default 0.95. */
  readonly confidence?: number;
}

/** Group fairness of decisions. Safe to write as JSON. A disparity is null where there is not enough data for it. */
export interface FairnessReport {
  readonly by: readonly string[];
  readonly confidence: number;
  readonly minimums: FairnessMinimums;
  readonly overall: GroupFigures;
  /** By label, all groups, too small ones included; compare only those that say `enoughRows` or `enoughOutcomes`. */
  readonly groups: readonly GroupFigures[];
  /** Largest minus smallest selection rate. */
  readonly demographicParityDifference: Disparity | null;
  /** Smallest divided by largest selection rate (disparate impact; four-fifths rule: at least 0.8). */
  readonly demographicParityRatio: Disparity | null;
  /** Largest difference of the true positive rates. */
  readonly equalOpportunityDifference: Disparity | null;
  readonly equalOpportunityRatio: Disparity | null;
  readonly falsePositiveRateDifference: Disparity | null;
  readonly falsePositiveRateRatio: Disparity | null;
  /** The larger of the differences of true and of false positive rates. */
  readonly equalizedOddsDifference: Disparity | null;
  /** The smaller of the two ratios. */
  readonly equalizedOddsRatio: Disparity | null;
}

const DEFAULT_MINIMUMS: FairnessMinimums = { rows: 30, perOutcome: 10 };

/**
 * Rates per group and the disparities between groups, as Fairlearn defines them (`between_groups`), with intervals.
 * Groups below the minimums, and rows whose label is unknown, are shown but not compared. Parity of decisions needs
 * `minimums.rows`; what rests on outcomes needs as many rows with an outcome, and `minimums.perOutcome` of each.
 *
 * The interval of equalized odds holds for both of its parts at once (each at a corrected confidence).
 */
export function fairnessReport(
  outcomes: GroupOutcomes | GroupOutcomesSnapshot,
  options: FairnessOptions = {},
): FairnessReport {
  const snapshot = 'toJSON' in outcomes ? outcomes.toJSON() : outcomes;
  const by = options.by ?? snapshot.attributes;
  const confidence = options.confidence ?? DEFAULT_CONFIDENCE;
  const minimums = { ...DEFAULT_MINIMUMS, ...options.minimums };
  checkNotEmpty('by', by);
  checkLevel('confidence', confidence);
  checkInteger('minimums.rows', minimums.rows, 1);
  checkInteger('minimums.perOutcome', minimums.perOutcome, 1);
  const groups = groupsBy(snapshot, by).map((group) => figuresOf(group, by, minimums, confidence));
  const whole = groupsBy(snapshot, [])[0] ?? EMPTY_GROUP;
  return {
    by: [...by],
    confidence,
    minimums,
    overall: figuresOf(whole, [], minimums, confidence),
    groups,
    ...decisionDisparities(groups, confidence),
    ...errorDisparities(groups, confidence),
  };
}

const EMPTY_GROUP = {
  labels: [],
  rows: 0,
  selected: 0,
  truePositives: 0,
  falsePositives: 0,
  falseNegatives: 0,
  trueNegatives: 0,
};

function decisionDisparities(groups: readonly GroupFigures[], confidence: number) {
  const rates = ratesOf(groups, 'enoughRows', (group) => group.selectionRate);
  return {
    demographicParityDifference: largestDifference(rates, confidence),
    demographicParityRatio: smallestRatio(rates, confidence),
  };
}

function errorDisparities(groups: readonly GroupFigures[], confidence: number) {
  const tpr = ratesOf(groups, 'enoughOutcomes', (group) => group.truePositiveRate);
  const fpr = ratesOf(groups, 'enoughOutcomes', (group) => group.falsePositiveRate);
  const half = 1 - (1 - confidence) / 2;
  return {
    equalOpportunityDifference: largestDifference(tpr, confidence),
    equalOpportunityRatio: smallestRatio(tpr, confidence),
    falsePositiveRateDifference: largestDifference(fpr, confidence),
    falsePositiveRateRatio: smallestRatio(fpr, confidence),
    equalizedOddsDifference: worse(largestDifference(tpr, half), largestDifference(fpr, half), Math.max),
    equalizedOddsRatio: worse(smallestRatio(tpr, half), smallestRatio(fpr, half), Math.min),
  };
}

function ratesOf(
  groups: readonly GroupFigures[],
  enough: 'enoughRows' | 'enoughOutcomes',
  rateOf: (group: GroupFigures) => RateEstimate | null,
): LabelledRate[] {
  return groups.flatMap((group) => {
    const rate = group[enough] ? rateOf(group) : null;
    return rate === null ? [] : [{ labels: group.labels, rate }];
  });
}

/** The worse of two disparities, with limits that hold for the worse of both. */
function worse(
  a: Disparity | null,
  b: Disparity | null,
  worst: (x: number, y: number) => number,
): Disparity | null {
  if (a === null || b === null) return null;
  const named = worst(a.value, b.value) === a.value ? a : b;
  return { ...named, lower: worst(a.lower, b.lower), upper: worst(a.upper, b.upper) };
}
