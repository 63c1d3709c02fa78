import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { MonitorChanged } from '@steward/contracts';
import { Database } from '@steward/database';
import { Outbox } from '@steward/messaging';
import { DecisionOnMonitor } from './decision-on-monitor';
import { checkMonitor, monitorDigest, type MonitorDefinition } from './monitor-definition';
import { MonitorRepository, type Monitor } from './monitor.repository';

/** Makes or changes a monitor; the same content again changes nothing. */
@Injectable()
export class PutMonitor {
  constructor(
    private readonly database: Database,
    private readonly monitors: MonitorRepository,
    private readonly decision: DecisionOnMonitor,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  async execute(
    caller: Caller,
    project: string,
    name: string,
    definition: MonitorDefinition,
  ): Promise<Omit<Monitor, 'changedAt'>> {
    checkMonitor(name, definition);
    const digest = monitorDigest(definition);
    this.decision.require(caller, 'update', project, name, definition.model);
    return this.database.transaction(async (unit) => {
      const before = await this.monitors.findForChange(unit, project, name);
      // It may have watched another model.
      if (before) this.decision.require(caller, 'update', project, name, before.definition.model);
      if (before?.digest === digest) return before;
      const monitor = {
        project,
        name,
        version: (before?.version ?? 0) + 1,
        digest,
        definition,
        changedBy: caller.principal.id,
      };
      await this.monitors.save(unit, monitor);
      this.outbox.publish(unit, MonitorChanged, {
        subject: `${project}/${name}`,
        project,
        correlation: caller.correlation,
        actor: caller.principal.id,
        payload: {
          monitor: name,
          model: definition.model,
          monitorVersion: monitor.version,
          digest,
          changedBy: monitor.changedBy,
        },
      });
      this.audit.record(unit, caller, {
        action: before ? 'monitor.change' : 'monitor.create',
        object: { kind: 'monitor', id: name },
        project,
        details: { version: monitor.version, digest, previousDigest: before?.digest ?? null },
      });
      return monitor;
    });
  }
}
