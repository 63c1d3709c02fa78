import {
  binaryPerformance,
  countGroupOutcomes,
  fairnessReport,
  judgeDrift,
  judgeFairness,
  judgePerformance,
  judgeRate,
  type BinaryPerformance,
  type BinCounts,
  type DriftReport,
  type FairnessJudgement,
  type FairnessReport,
  type PerformanceJudgement,
  type Verdict,
} from '@steward/statistics';
import type { ModelDescriptor } from '@steward/contracts';
import type { MonitorDefinition } from '../monitors/monitor-definition';
import type { WindowRow } from './observation-window';

export const AlertOrder = ['drift', 'data_quality', 'fairness', 'performance'] as const;
export type AlertKind = (typeof AlertOrder)[number];

/** What one kind of judgement came to, with the columns or groups that alarmed, worst first. */
export interface Finding {
  readonly kind: AlertKind;
  readonly verdict: Verdict;
  readonly columns: readonly string[];
  /** The only metrics that this finding can speak about; absent: all of its kind. */
  readonly scope?: readonly string[];
}

/** The report of a full window, before outcomes. */
export interface WindowReport {
  readonly drift: DriftReport;
  /** The same window against the reference of the champion before; null where there was none. */
  readonly previousDrift: DriftReport | null;
  /** By decisions alone; null where the contract names no groups. */
  readonly fairness: FairnessReport | null;
  readonly fairnessJudgement: FairnessJudgement | null;
  readonly findings: readonly Finding[];
}

/** The report once outcomes are known. */
export interface OutcomeReport {
  readonly rows: number;
  readonly performance: BinaryPerformance | null;
  readonly performanceJudgement: PerformanceJudgement;
  readonly fairness: FairnessReport | null;
  readonly fairnessJudgement: FairnessJudgement | null;
  readonly findings: readonly Finding[];
}

function drift(counts: BinCounts, definition: MonitorDefinition): DriftReport {
  const known = definition.drift.columns?.filter((name) => counts.has(name));
  return judgeDrift(counts.reference, counts, {
    psi: definition.drift.psi,
    significance: definition.drift.pValue,
    minimumRows: definition.drift.minimumRows,
    ...(known && known.length > 0 ? { columns: known } : {}),
  });
}

const alarmed = (report: DriftReport): string[] =>
  report.columns.filter(({ verdict }) => verdict === 'alert').map(({ name }) => name);

/** Missing and out-of-range rates: an interval that lies wholly above what the reference had and the allowance. */
function quality(
  report: DriftReport,
  { quality: allowed, drift: { minimumRows } }: MonitorDefinition,
): Finding {
  const verdicts = report.columns.map((column) => {
    const usual = column.referenceMissing?.value ?? 0;
    return {
      name: column.name,
      verdicts: [
        judgeRate(column.missing, { atMost: Math.min(1, usual + allowed.missing) }, minimumRows),
        judgeRate(column.outOfRange, { atMost: allowed.outOfRange }, minimumRows),
      ],
    };
  });
  const columns = verdicts.filter((each) => each.verdicts.includes('alert')).map(({ name }) => name);
  const judged = verdicts.some((each) => each.verdicts.includes('no_alert'));
  return {
    kind: 'data_quality',
    columns,
    verdict: columns.length > 0 ? 'alert' : judged ? 'no_alert' : 'not_enough_data',
  };
}

function fairnessOf(
  rows: readonly WindowRow[],
  descriptor: ModelDescriptor,
  definition: MonitorDefinition,
  bounds: object,
) {
  if (descriptor.groups.length === 0) return { fairness: null, fairnessJudgement: null };
  const outcomes = countGroupOutcomes(
    rows.map(({ label }) => label === descriptor.favourable),
    rows.map(({ outcome }) => (outcome === null ? null : outcome === descriptor.favourable)),
    descriptor.groups.map((name) => ({ name, values: rows.map(({ groups }) => groups[name] ?? null) })),
  );
  const fairness = fairnessReport(outcomes, {
    minimums: {
      rows: definition.fairness.minimumGroupRows,
      perOutcome: definition.fairness.minimumGroupOutcomes,
    },
  });
  return { fairness, fairnessJudgement: judgeFairness(fairness, bounds) };
}

function fairnessFinding(judgement: FairnessJudgement | null): Finding {
  const judged = judgement?.findings.filter(({ verdict }) => verdict !== 'not_enough_data') ?? [];
  const columns = judged.filter(({ verdict }) => verdict === 'alert').map(({ metric }) => metric);
  const scope = judged.map(({ metric }) => metric);
  return { kind: 'fairness', verdict: judgement?.verdict ?? 'not_enough_data', columns, scope };
}

/** Judges a full window: drift of every column and of the score, data quality, parity of decisions. */
export function judgeWindow(
  counts: BinCounts,
  previous: BinCounts | null,
  rows: readonly WindowRow[],
  descriptor: ModelDescriptor,
  definition: MonitorDefinition,
): WindowReport {
  const report = drift(counts, definition);
  const { demographicParityRatio: ratio } = definition.fairness;
  const fairness = fairnessOf(
    rows,
    descriptor,
    definition,
    ratio === undefined ? {} : { demographicParityRatio: { atLeast: ratio } },
  );
  return {
    drift: report,
    previousDrift: previous ? drift(previous, definition) : null,
    ...fairness,
    findings: [
      { kind: 'drift', verdict: report.verdict, columns: alarmed(report) },
      quality(report, definition),
      fairnessFinding(fairness.fairnessJudgement),
    ],
  };
}

/** Judges a window's rows whose outcome is known: performance, and fairness of errors. */
export function judgeOutcomes(
  rows: readonly WindowRow[],
  descriptor: ModelDescriptor,
  definition: MonitorDefinition,
): OutcomeReport {
  const known = rows.filter(({ outcome }) => outcome !== null);
  const positive = descriptor.classes[1];
  const performance =
    known.length === 0
      ? null
      : binaryPerformance(
          known.map(({ outcome }) => outcome === positive),
          known.map(({ score }) => score),
          { threshold: descriptor.decisionThreshold },
        );
  const { minimumAuc, minimumRows } = definition.performance;
  const performanceJudgement = judgePerformance(
    performance,
    minimumAuc === undefined ? {} : { auc: { atLeast: minimumAuc } },
    { rows: minimumRows },
  );
  const { equalizedOddsDifference: difference } = definition.fairness;
  const fairness = fairnessOf(
    known,
    descriptor,
    definition,
    difference === undefined ? {} : { equalizedOddsDifference: { atMost: difference } },
  );
  const performanceColumns = performanceJudgement.findings
    .filter(({ verdict }) => verdict === 'alert')
    .map(({ metric }) => metric);
  return {
    rows: known.length,
    performance,
    performanceJudgement,
    ...fairness,
    findings: [
      { kind: 'performance', verdict: performanceJudgement.verdict, columns: performanceColumns },
      ...(difference === undefined ? [] : [fairnessFinding(fairness.fairnessJudgement)]),
    ],
  };
}
