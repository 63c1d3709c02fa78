import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { WindowJudged, WindowOutcomesJudged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Outbox } from '@steward/messaging';
import { RaiseAlerts } from '../alerts/raise-alerts';
import type { Monitor } from '../monitors/monitor.repository';
import { judgeOutcomes, judgeWindow, type WindowReport } from './judge-window';
import { MonitoringMetrics } from './monitoring.metrics';
import { outcomesPayload } from './outcomes-payload';
import type { FillingWindow, OpenWindow, WindowRow } from './observation-window';
import { WindowRepository, type JudgedWindow, type WindowVerdict } from './window.repository';

/** Ends windows: judges the full ones, and says "not enough data" of those that the alias moved away from. */
@Injectable()
export class CloseWindow {
  constructor(
    private readonly windows: WindowRepository,
    private readonly artifacts: ArtifactStore,
    private readonly outbox: Outbox,
    private readonly alerts: RaiseAlerts,
    private readonly metrics: MonitoringMetrics,
  ) {}

  /** Judges a full window and lets its findings raise or resolve alerts. */
  async full(unit: UnitOfWork, monitor: Monitor, filling: FillingWindow): Promise<void> {
    const window = filling.toStored();
    await this.windows.save(unit, window, filling.added);
    const rows = await this.windows.rowsOf(unit, window.id);
    const report = judgeWindow(
      filling.current,
      filling.againstPrevious,
      rows,
      window.descriptor,
      monitor.definition,
    );
    const verdict = verdictOf(report);
    const membersDigest = await this.end(unit, window, rows, verdict, report);
    await this.alerts.execute(unit, monitor, {
      window,
      membersDigest,
      rows: rows.length,
      findings: report.findings,
    });
    unit.afterCommit(() => this.metrics.judged(window, verdict, report));
    await this.judgeOutcomes(unit, monitor, window.id);
  }

  /** Closes a window that will never be full. */
  async unfinished(unit: UnitOfWork, window: OpenWindow): Promise<void> {
    const rows = await this.windows.rowsOf(unit, window.id);
    await this.end(unit, window, rows, 'not_enough_data', null);
    unit.afterCommit(() => this.metrics.closed(window));
  }

  /** Performance and fairness of errors, when the last outcome has come. */
  async judgeOutcomes(unit: UnitOfWork, monitor: Monitor, windowId: string): Promise<void> {
    const window = await this.windows.completeForOutcomes(unit, windowId);
    if (window) await this.reportOutcomes(unit, monitor, window);
  }

  async reportOutcomes(unit: UnitOfWork, monitor: Monitor, window: JudgedWindow): Promise<void> {
    const rows = await this.windows.rowsOf(unit, window.id);
    const report = judgeOutcomes(rows, window.descriptor, monitor.definition);
    await this.windows.saveOutcomeReport(unit, window.id, report);
    this.outbox.publish(unit, WindowOutcomesJudged, {
      subject: `${window.project}/${window.monitor}`,
      project: window.project,
      correlation: window.correlation,
      actor: 'monitoring',
      payload: outcomesPayload(window, report),
    });
    const { membersDigest } = window;
    await this.alerts.execute(unit, monitor, {
      window,
      membersDigest,
      rows: rows.length,
      findings: report.findings,
    });
    unit.afterCommit(() => this.metrics.outcomes(window, report));
  }

  private async end(
    unit: UnitOfWork,
    window: OpenWindow,
    rows: readonly WindowRow[],
    verdict: WindowVerdict,
    report: WindowReport | null,
  ): Promise<string> {
    const members = JSON.stringify(rows.map(({ predictionId, row }) => `${predictionId}/${row}`));
    const { digest: membersDigest } = await this.artifacts.put(Buffer.from(members));
    await this.windows.judge(unit, window, { verdict, report, membersDigest });
    const { descriptor } = window;
    this.outbox.publish(unit, WindowJudged, {
      subject: `${window.project}/${window.monitor}`,
      project: window.project,
      correlation: window.correlation,
      actor: 'monitoring',
      payload: {
        windowId: window.id,
        monitor: window.monitor,
        model: descriptor.model,
        modelVersion: descriptor.version,
        modelDigest: descriptor.digest,
        referenceDigest: descriptor.referenceDigest,
        rows: rows.length,
        verdict,
        columns: columnsOf(report),
        membersDigest,
      },
    });
    return membersDigest;
  }
}

function verdictOf({ drift }: WindowReport): WindowVerdict {
  return ({ alert: 'alarm', no_alert: 'ok', not_enough_data: 'not_enough_data' } as const)[drift.verdict];
}

function columnsOf(report: WindowReport | null) {
  const previous = new Map(report?.previousDrift?.columns.map((column) => [column.name, column]));
  return (report?.drift.columns ?? []).map((column) => ({
    name: column.name,
    psi: column.psi,
    jensenShannon: column.jensenShannon,
    pValue: column.adjustedPValue,
    drifted: column.verdict === 'alert',
    previousPsi: previous.get(column.name)?.psi ?? null,
    previousDrifted: previous.has(column.name) ? previous.get(column.name)!.verdict === 'alert' : null,
  }));
}
