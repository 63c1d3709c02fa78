import { judgeInterval, type Bound } from '../verdicts/judge-rate';
import { worstVerdict, type Verdict } from '../verdicts/verdict';
import type { Disparity } from './disparity';
import type { FairnessReport } from './fairness-report';

/** The disparities that can be bounded. */
export type FairnessMetric =
  | 'demographicParityDifference'
  | 'demographicParityRatio'
  | 'equalOpportunityDifference'
  | 'equalOpportunityRatio'
  | 'falsePositiveRateDifference'
  | 'falsePositiveRateRatio'
  | 'equalizedOddsDifference'
  | 'equalizedOddsRatio';

/** Bounds by metric, `{ demographicParityRatio: { atLeast: 0.8 } }`; metrics that are not named are not judged. */
export type FairnessBounds = Readonly<Partial<Record<FairnessMetric, Bound>>>;

/** What one fairness bound came to. */
export interface FairnessFinding {
  readonly metric: FairnessMetric;
  readonly verdict: Verdict;
  readonly bound: Bound;
  /** Null where there is not enough data. */
  readonly disparity: Disparity | null;
}

/** What the fairness bounds came to, together and one by one. */
export interface FairnessJudgement {
  readonly verdict: Verdict;
  /** Alarms first. */
  readonly findings: readonly FairnessFinding[];
}

/**
 * Judges each bound by its interval: an alert only if the interval lies wholly on the wrong side, `not_enough_data` where
 * fewer than two groups reach the minimums.
 */
export function judgeFairness(report: FairnessReport, bounds: FairnessBounds): FairnessJudgement {
  const findings = Object.entries(bounds).map(([name, bound]): FairnessFinding => {
    const metric = name as FairnessMetric;
    const disparity = report[metric];
    return { metric, verdict: judgeInterval(disparity, bound), bound, disparity };
  });
  findings.sort((a, b) => Number(b.verdict === 'alert') - Number(a.verdict === 'alert'));
  return { verdict: worstVerdict(findings.map((finding) => finding.verdict)), findings };
}
