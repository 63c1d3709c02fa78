import { Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent } from '@steward/access';
import { BreachExposed, BreachScoped } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, Outbox, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { ExposeBreach } from './expose-breach';

/** Governance asks what a breach may have exposed. */
@Injectable()
export class BreachScopedConsumer extends EventConsumer<typeof BreachScoped> {
  readonly event = BreachScoped;

  constructor(
    private readonly expose: ExposeBreach,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async handle(event: IncomingEvent<typeof BreachScoped>, unit: UnitOfWork): Promise<HandlerResult> {
    const { project, correlation, actor } = event;
    if (project === null) return handled.drop('A breach belongs to a project.');
    const { breachId, ...scope } = event.payload;
    const exposure = await this.expose.execute({ project, ...scope });
    const payload = { breachId, ...exposure };
    this.outbox.publish(unit, BreachExposed, { subject: breachId, project, correlation, actor, payload });
    this.audit.record(unit, callerFromEvent(event), {
      action: 'breach.expose',
      object: { kind: 'breach', id: breachId },
      project,
      details: { ...exposure },
    });
    return handled.ok;
  }
}
