import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { IdentityRepository } from './identity.repository';
import { principalNotFound, type Identity } from './principal';
import { requireAdministrator } from './set-roles';
import { SessionRepository } from '../sessions/session.repository';

/** Disables an account or enables it again, or ends its sessions. Tokens made before are refused from then on. */
@Injectable()
export class SetState {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly sessions: SessionRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async set(
    caller: Caller,
    id: string,
    state: Identity['state'] | null,
    mustChangePassword = false,
  ): Promise<Identity> {
    return this.database.transaction(async (unit) => {
      const identity = await this.identities.lock(unit, id);
      if (!identity || identity.kind === 'service') throw principalNotFound(id);
      const next = state ?? identity.state;
      const at = this.clock.iso();
      await this.identities.setState(unit, id, next, at);
      if (mustChangePassword) await this.identities.requirePasswordChange(unit, id);
      await this.sessions.endAll(unit, id, caller.principal.id, at);
      if (next === 'disabled') await requireAdministrator(this.identities, unit);
      this.audit.record(unit, caller, {
        action: state === null ? 'tokens.revoke' : `principal.${next === 'active' ? 'enable' : 'disable'}`,
        object: { kind: 'principal', id },
        project: null,
        details: { mustChangePassword },
      });
      return this.announce.principal(unit, caller, id);
    });
  }
}
