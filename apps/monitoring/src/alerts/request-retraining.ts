import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { RetrainRequested } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { Monitor } from '../monitors/monitor.repository';
import type { AlertKind } from '../windows/judge-window';
import { AlertRepository } from './alert.repository';
import type { JudgedFacts } from './raise-alerts';

/** Asks for retraining: at most one open request a model, then a cool-down. */
@Injectable()
export class RequestRetraining {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute(
    unit: UnitOfWork,
    monitor: Monitor,
    cause: JudgedFacts & { kind: AlertKind; alertId: string },
  ): Promise<void> {
    const { retrain } = monitor.definition;
    const { window, kind, alertId } = cause;
    if (!retrain.on.includes(kind)) return;
    const { project, descriptor, correlation } = window;
    const last = await this.alerts.lastRetrainRequest(unit, project, descriptor.model);
    if (last && (last.open || this.clock.now() - last.at.getTime() < retrain.cooldownSeconds * 1000)) return;
    const retrainId = newId();
    const asked = await this.alerts.requestRetraining(unit, {
      id: retrainId,
      project,
      model: descriptor.model,
      alertId,
      windowId: window.id,
    });
    if (!asked) return;
    this.outbox.publish(unit, RetrainRequested, {
      subject: `${project}/${descriptor.model}`,
      project,
      correlation,
      // Four eyes: the person behind what a monitor asks for is who last changed the monitor.
      actor: monitor.changedBy,
      payload: {
        retrainId,
        alertId,
        model: descriptor.model,
        modelVersion: descriptor.version,
        dataset: descriptor.dataset,
        windowId: window.id,
        windowRows: cause.rows,
        membersDigest: cause.membersDigest,
        minimumLabelledRows: retrain.minimumLabelledRows,
      },
    });
    this.audit.record(unit, callerOfService('monitoring', correlation, project), {
      action: 'retraining.request',
      object: { kind: 'retrain-request', id: retrainId },
      project,
      details: {
        alertId,
        model: descriptor.model,
        windowId: window.id,
        monitor: monitor.name,
        monitorDigest: monitor.digest,
      },
    });
  }
}
