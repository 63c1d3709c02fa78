import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditEntryRecorded, AuditNoteRecorded, type ServiceName } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { AuditTrail, type AuditFact } from './audit-trail';
import { auditNoteDigest } from './audit-note-digest';
import type { Caller } from './caller';
import { PolicyCache } from './policy-cache';
import { SERVICE_NAME } from './service-name';

/** {@link AuditTrail} through the outbox: the entry commits with the change or the change fails. */
@Injectable()
export class OutboxAuditTrail extends AuditTrail {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly policy: PolicyCache,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {
    super();
  }

  record(unit: UnitOfWork, caller: Caller, fact: AuditFact): void {
    const entryId = newId(this.clock.now());
    const noteDigest = this.publishNote(unit, caller, fact, entryId);
    this.outbox.publish(unit, AuditEntryRecorded[this.service], {
      ...this.envelope(caller, fact),
      payload: {
        entryId,
        service: this.service,
        project: fact.project,
        time: this.clock.iso(),
        actor: { id: caller.principal.id, kind: this.kindOf(caller) },
        action: fact.action,
        object: fact.object,
        outcome: fact.outcome ?? 'done',
        correlation: caller.correlation,
        noteDigest,
        details: { ...fact.details },
      },
    });
  }

  /** The free text and the address go a way of their own, where they can be erased; the entry keeps their digest. */
  private publishNote(unit: UnitOfWork, caller: Caller, fact: AuditFact, entryId: string): string | null {
    const reason = fact.reason ?? null;
    const { address } = caller;
    if (reason === null && address === null) return null;
    const salt = randomBytes(32).toString('hex');
    this.outbox.publish(unit, AuditNoteRecorded[this.service], {
      ...this.envelope(caller, fact),
      payload: { entryId, salt, reason, address },
    });
    return auditNoteDigest({ salt, reason, address });
  }

  /** Events name their actor without its kind, so the policy copy is asked first. */
  private kindOf({ principal }: Caller): Caller['principal']['kind'] {
    return this.policy.current.principals.get(principal.id)?.kind ?? principal.kind;
  }

  private envelope(caller: Caller, fact: AuditFact) {
    return {
      subject: this.service,
      project: fact.project,
      correlation: caller.correlation,
      actor: caller.principal.id,
    };
  }
}
