import type {
  Alert as AlertMessage,
  GetWindowResponse,
  Monitor as MonitorMessage,
  Window as WindowMessage,
} from '@steward/contracts/generated/steward/monitoring/v1/monitoring';
import type { Alert } from './alerts/alert.repository';
import type { Monitor } from './monitors/monitor.repository';
import { windowAnswer } from './windows/window-answer';
import type { WindowView } from './windows/window-archive';

/** Domain objects as gRPC messages: absent texts are empty. */
export function monitorMessage(monitor: Omit<Monitor, 'changedAt'>): MonitorMessage {
  const { project, name, version, digest, definition, changedBy } = monitor;
  return {
    project,
    monitor: name,
    version,
    digest,
    definitionJson: JSON.stringify(definition),
    changedBy,
  };
}

export function windowMessage(window: WindowView): WindowMessage {
  const { descriptor } = window;
  return {
    id: window.id,
    project: window.project,
    monitor: window.monitor,
    model: descriptor.model,
    modelVersion: descriptor.version,
    modelDigest: descriptor.digest,
    referenceDigest: descriptor.referenceDigest,
    state: window.state,
    rows: window.rows,
    outcomes: window.outcomes,
    verdict: window.verdict ?? '',
    openedAt: window.openedAt,
    judgedAt: window.judgedAt ?? '',
    membersDigest: window.membersDigest ?? '',
  };
}

/** The reports as HTTP shows them: groups too small to show are left out. */
export function windowWithReports(window: WindowView): GetWindowResponse {
  const { report, outcomeReport } = windowAnswer(window);
  return {
    window: windowMessage(window),
    reportJson: report === null ? '' : JSON.stringify(report),
    outcomeReportJson: outcomeReport === null ? '' : JSON.stringify(outcomeReport),
  };
}

export function alertMessage({ correlation: _correlation, columns, ...alert }: Alert): AlertMessage {
  return {
    ...alert,
    columns: [...columns],
    resolvedAt: alert.resolvedAt ?? '',
    resolvedWindowId: alert.resolvedWindowId ?? '',
    acknowledgedBy: alert.acknowledgedBy ?? '',
  };
}
