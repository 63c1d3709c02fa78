import type { Selectable } from 'kysely';
import type { MonitoringTables } from '../monitoring-tables';
import type { OpenWindow } from './observation-window';
import type { WindowView } from './window-archive';
import type { JudgedWindow } from './window.repository';

type Row = Selectable<MonitoringTables['observation_window']>;

export function openWindow(row: Row): OpenWindow {
  return {
    id: row.id,
    project: row.project,
    monitor: row.monitor,
    descriptor: row.descriptor,
    previousReference: row.previous_reference,
    rows: row.rows,
    outcomes: row.outcomes,
    counts: row.counts,
    previousCounts: row.previous_counts,
    openedAt: row.opened_at.toISOString(),
    correlation: row.correlation,
  };
}

export function judgedWindow(row: Row): JudgedWindow {
  return {
    ...openWindow(row),
    judgedAt: row.judged_at!.toISOString(),
    verdict: row.verdict!,
    report: row.report,
    outcomeReport: row.outcome_report,
    membersDigest: row.members_digest!,
  };
}

export function windowView(row: Row): WindowView {
  const { counts: _counts, previousCounts: _previous, ...window } = openWindow(row);
  return {
    ...window,
    state: row.state,
    judgedAt: row.judged_at?.toISOString() ?? null,
    verdict: row.verdict,
    report: row.report,
    outcomeReport: row.outcome_report,
    membersDigest: row.members_digest,
  };
}
