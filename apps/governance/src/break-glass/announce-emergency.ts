import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { EmergencyAccessChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from '../identity/announce-policy';
import type { EmergencyAccess } from './emergency-access';

/** Tells of an emergency access: the rights to the services, the fact to people and to the audit log. */
@Injectable()
export class AnnounceEmergency {
  constructor(
    private readonly policy: AnnouncePolicy,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  async announce(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    access: EmergencyAccess,
    act: 'open' | 'end' | 'review',
    reason?: string,
  ): Promise<void> {
    const { id, project, person, role, informed, correlation } = access;
    if (act !== 'review') await this.policy.principal(unit, caller, person);
    this.outbox.publish(unit, EmergencyAccessChanged, {
      subject: id,
      project,
      correlation,
      actor: caller.principal.id,
      payload: {
        accessId: id,
        person,
        role,
        state: ({ open: 'active', end: 'ended', review: 'reviewed' } as const)[act],
        from: access.startedAt,
        until: access.endedAt ?? access.until,
        informed: [...informed],
        reviewedBy: access.reviewedBy,
      },
    });
    this.audit.record(
      unit,
      { ...caller, correlation },
      {
        action: `emergency-access.${act}`,
        object: { kind: 'emergency-access', id },
        project,
        ...(reason === undefined ? {} : { reason }),
        details: {
          person,
          role,
          until: access.until,
          informed: informed.length,
          ...(access.justified === null ? {} : { justified: access.justified }),
        },
      },
    );
  }
}
