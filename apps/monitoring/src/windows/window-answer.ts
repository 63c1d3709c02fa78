import type { FairnessReport } from '@steward/statistics';
import type { WindowView } from './window-archive';

/** People see sensitive columns only as aggregates of at least this many rows. */
const FEWEST_SHOWN = 10;

function shown(report: FairnessReport | null): FairnessReport | null {
  return report && { ...report, groups: report.groups.filter(({ rows }) => rows >= FEWEST_SHOWN) };
}

/** A window as the API shows it: groups too small to show are left out. */
export function windowAnswer(window: WindowView) {
  const { descriptor, report, outcomeReport, ...rest } = window;
  return {
    ...rest,
    model: descriptor.model,
    modelVersion: descriptor.version,
    modelDigest: descriptor.digest,
    referenceDigest: descriptor.referenceDigest,
    report: report && { ...report, fairness: shown(report.fairness) },
    outcomeReport: outcomeReport && { ...outcomeReport, fairness: shown(outcomeReport.fairness) },
  };
}
