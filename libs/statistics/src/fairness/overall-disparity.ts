import type { RateEstimate } from '../intervals/estimate';
import type { FairnessReport } from './fairness-report';
import type { GroupFigures } from './group-figures';

/** How far the groups lie from the rate of all rows, as Fairlearn with `method='to_overall'`. Point values. */
export interface OverallDisparity {
  /** Largest |rate of a group - rate of all|. */
  readonly difference: number;
  /** Smallest of rate / overall and overall / rate; 0 where one of the two is 0; 1 where both are. */
  readonly ratio: number;
}

/** The rates of {@link GroupFigures} that can be compared. */
export type GroupRate =
  | 'selectionRate'
  | 'truePositiveRate'
  | 'falsePositiveRate'
  | 'falseNegativeRate'
  | 'trueNegativeRate'
  | 'positivePredictiveValue'
  | 'negativePredictiveValue'
  | 'accuracy';

/**
 * Compares the groups of a report with all rows, in one rate. Only groups with enough data take part; null where fewer
 * than two have it or the overall rate is not defined.
 */
export function disparityToOverall(report: FairnessReport, rate: GroupRate): OverallDisparity | null {
  const overall = report.overall[rate];
  const rates = enoughFor(report, rate);
  if (overall === null || rates.length < 2) return null;
  const ratios = rates.map(({ value }) => ratioBelowOne(value, overall.value));
  return {
    difference: Math.max(...rates.map(({ value }) => Math.abs(value - overall.value))),
    ratio: Math.min(...ratios),
  };
}

function enoughFor(report: FairnessReport, rate: GroupRate): RateEstimate[] {
  const enough = (group: GroupFigures) =>
    rate === 'selectionRate' ? group.enoughRows : group.enoughOutcomes;
  return report.groups.filter(enough).flatMap((group) => group[rate] ?? []);
}

function ratioBelowOne(a: number, b: number): number {
  if (a === b) return 1;
  return Math.min(a, b) / Math.max(a, b);
}
