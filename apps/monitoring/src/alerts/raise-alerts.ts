import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { AlertRaised, AlertResolved } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { Monitor } from '../monitors/monitor.repository';
import type { Finding } from '../windows/judge-window';
import { MonitoringMetrics } from '../windows/monitoring.metrics';
import type { OpenWindow } from '../windows/observation-window';
import { AlertRepository, type Alert } from './alert.repository';
import { RequestRetraining } from './request-retraining';

/** A window that was judged, as alerts need it. */
export interface JudgedFacts {
  readonly window: Pick<OpenWindow, 'id' | 'project' | 'monitor' | 'descriptor' | 'correlation'>;
  readonly membersDigest: string;
  readonly rows: number;
  readonly findings: readonly Finding[];
}

/**
 * Raises an alert where a window alarms, at most one open per monitor and kind, and resolves it when a full window shows
 * nothing any more; never for any other reason.
 */
@Injectable()
export class RaiseAlerts {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly retraining: RequestRetraining,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly metrics: MonitoringMetrics,
  ) {}

  async execute(unit: UnitOfWork, monitor: Monitor, facts: JudgedFacts): Promise<void> {
    for (const finding of facts.findings) {
      if (finding.verdict === 'not_enough_data') continue;
      const open = await this.alerts.openOf(unit, monitor.project, monitor.name, finding.kind);
      // Parity is judged of a full window, errors by group when its outcomes are known: neither clears the other.
      const others = finding.scope
        ? (open?.columns ?? []).filter((name) => !finding.scope!.includes(name))
        : [];
      const columns = [...finding.columns, ...others];
      if (finding.verdict === 'alert') await this.alarm(unit, monitor, facts, { ...finding, columns }, open);
      else if (open && others.length > 0) await this.alerts.repeat(unit, open.id, open.lastWindowId, others);
      else if (open) await this.resolve(unit, facts, open);
    }
  }

  private async alarm(
    unit: UnitOfWork,
    monitor: Monitor,
    facts: JudgedFacts,
    finding: Finding,
    open: Alert | null,
  ): Promise<void> {
    const { window } = facts;
    const alertId = open?.id ?? newId();
    if (open) {
      await this.alerts.repeat(unit, open.id, window.id, finding.columns);
    } else {
      const alert = {
        id: alertId,
        project: window.project,
        monitor: window.monitor,
        kind: finding.kind,
        model: window.descriptor.model,
        modelVersion: window.descriptor.version,
        windowId: window.id,
        lastWindowId: window.id,
        columns: finding.columns,
        correlation: window.correlation,
      };
      await this.alerts.raise(unit, alert);
      this.outbox.publish(unit, AlertRaised, envelope(alert, window.id));
      this.record(unit, 'alert.raise', alert, window.id);
      unit.afterCommit(() => this.metrics.alert(alert, 1));
    }
    await this.retraining.execute(unit, monitor, { ...facts, kind: finding.kind, alertId });
  }

  private async resolve(unit: UnitOfWork, { window }: JudgedFacts, alert: Alert): Promise<void> {
    await this.alerts.resolve(unit, alert.id, window.id);
    this.outbox.publish(unit, AlertResolved, envelope(alert, window.id));
    this.record(unit, 'alert.resolve', alert, window.id);
    unit.afterCommit(() => this.metrics.alert(alert, 0));
  }

  private record(
    unit: UnitOfWork,
    action: string,
    alert: Pick<Alert, 'id' | 'project' | 'kind' | 'model' | 'correlation' | 'columns'>,
    windowId: string,
  ): void {
    this.audit.record(unit, callerOfService('monitoring', alert.correlation, alert.project), {
      action,
      object: { kind: 'alert', id: alert.id },
      project: alert.project,
      details: { kind: alert.kind, model: alert.model, windowId, worst: alert.columns[0] ?? null },
    });
  }
}

function envelope(
  alert: Pick<
    Alert,
    'id' | 'project' | 'monitor' | 'kind' | 'model' | 'modelVersion' | 'columns' | 'correlation'
  >,
  windowId: string,
) {
  return {
    subject: alert.id,
    project: alert.project,
    correlation: alert.correlation,
    actor: 'monitoring',
    payload: {
      alertId: alert.id,
      monitor: alert.monitor,
      kind: alert.kind,
      model: alert.model,
      modelVersion: alert.modelVersion,
      windowId,
      columns: [...alert.columns],
    },
  };
}
