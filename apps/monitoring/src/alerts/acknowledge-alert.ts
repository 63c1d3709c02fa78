import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { DecisionOnMonitor } from '../monitors/decision-on-monitor';
import { AlertRepository } from './alert.repository';

/** Somebody has seen an alert. It stays open until a window shows nothing any more. */
@Injectable()
export class AcknowledgeAlert {
  constructor(
    private readonly database: Database,
    private readonly alerts: AlertRepository,
    private readonly decision: DecisionOnMonitor,
    private readonly audit: AuditTrail,
  ) {}

  async execute(caller: Caller, project: string, id: string, reason: string | undefined): Promise<void> {
    await this.database.transaction(async (unit) => {
      const alert = await this.alerts.findForChange(unit, project, id);
      if (!alert)
        throw errors.notFound('MONITORING.ALERT_NOT_FOUND', 'There is no such alert in this project.');
      this.decision.requireAlert(caller, 'acknowledge', alert);
      await this.alerts.acknowledge(unit, id, caller.principal.id);
      this.audit.record(unit, caller, {
        action: 'alert.acknowledge',
        object: { kind: 'alert', id },
        project,
        reason,
        details: { kind: alert.kind },
      });
    });
  }
}
