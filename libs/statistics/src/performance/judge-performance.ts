import { checkInteger } from '../arguments/check-arguments';
import type { Estimate } from '../intervals/estimate';
import { judgeInterval, type Bound } from '../verdicts/judge-rate';
import { worstVerdict, type Verdict } from '../verdicts/verdict';
import type { BinaryPerformance } from './binary-performance';

/** The bounds that a classifier must keep; metrics that are not named are not judged. */
export interface PerformanceBounds {
  readonly auc?: Bound;
  readonly accuracy?: Bound;
  readonly logLoss?: Bound;
  readonly brier?: Bound;
  readonly precision?: Bound;
  readonly recall?: Bound;
  readonly specificity?: Bound;
  readonly baseRate?: Bound;
}

/** Below these counts a performance verdict is `not_enough_data`. */
export interface PerformanceMinimums {
  /** Default 200: rows with an outcome. */
  readonly rows?: number;
  /** Default 10: rows of each outcome. */
  readonly perOutcome?: number;
}

/** What one bound came to. `estimate` is null where the metric is undefined. */
export interface PerformanceFinding {
  readonly metric: keyof PerformanceBounds;
  readonly verdict: Verdict;
  readonly bound: Bound;
  readonly estimate: Estimate | null;
}

/** What the bounds of a classifier came to, together and one by one. */
export interface PerformanceJudgement {
  readonly verdict: Verdict;
  /** In the order of {@link PerformanceBounds}, alarms first. */
  readonly findings: readonly PerformanceFinding[];
}

/**
 * Judges each bound by its interval: an alert only if the interval lies wholly on the wrong side. With fewer rows than
 * `minimums` say, every verdict is `not_enough_data`. `performance` null means that no outcome is known yet.
 */
export function judgePerformance(
  performance: BinaryPerformance | null,
  bounds: PerformanceBounds,
  minimums: PerformanceMinimums = {},
): PerformanceJudgement {
  const { rows = 200, perOutcome = 10 } = minimums;
  checkInteger('minimums.rows', rows, 1);
  checkInteger('minimums.perOutcome', perOutcome);
  const enough =
    performance !== null &&
    performance.rows >= rows &&
    Math.min(performance.positives, performance.negatives) >= perOutcome;
  const findings: PerformanceFinding[] = [];
  for (const metric of METRICS) {
    const bound = bounds[metric];
    if (bound === undefined) continue;
    const estimate = performance === null ? null : estimateOf(performance, metric);
    findings.push({ metric, verdict: judgeInterval(enough ? estimate : null, bound), bound, estimate });
  }
  findings.sort((a, b) => Number(b.verdict === 'alert') - Number(a.verdict === 'alert'));
  return { verdict: worstVerdict(findings.map((finding) => finding.verdict)), findings };
}

const METRICS = [
  'auc',
  'accuracy',
  'logLoss',
  'brier',
  'precision',
  'recall',
  'specificity',
  'baseRate',
] as const satisfies readonly (keyof PerformanceBounds)[];

function estimateOf(performance: BinaryPerformance, metric: keyof PerformanceBounds): Estimate | null {
  if (metric === 'auc' || metric === 'logLoss' || metric === 'brier') return performance[metric];
  return performance.rates[metric];
}
