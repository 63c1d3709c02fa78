import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { requireBindings } from './create-principal';
import { IdentityRepository, ProjectRepository } from './identity.repository';
import { RoleRepository } from '../roles/role.repository';
import { principalNotFound, roleChanges, type Identity, type RoleBinding } from './principal';

/** Sets the roles of a person or machine, whole. Grants that stay keep their giver and their date. */
@Injectable()
export class SetRoles {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly projects: ProjectRepository,
    private readonly roles: RoleRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async set(caller: Caller, id: string, roles: readonly RoleBinding[]): Promise<Identity> {
    await requireBindings(this.projects, this.roles, roles);
    return this.database.transaction(async (unit) => {
      // A role that is given must not be deleted meanwhile.
      await this.roles.lock(unit);
      return this.setIn(unit, caller, id, roles);
    });
  }

  /** In a transaction that holds the lock of the roles; the bindings are known to be sound. */
  async setIn(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    id: string,
    roles: readonly RoleBinding[],
  ): Promise<Identity> {
    const identity = await this.identities.lock(unit, id);
    if (!identity || identity.kind === 'service') throw principalNotFound(id);
    const { grant, revoke } = roleChanges(identity.roles, roles);
    const [by, at] = [caller.principal.id, this.clock.iso()];
    await this.identities.revoke(unit, id, revoke, by, at);
    await this.identities.grant(unit, id, grant, by, at);
    if (revoke.length > 0) await requireAdministrator(this.identities, unit);
    this.record(unit, caller, id, 'role.revoke', revoke);
    this.record(unit, caller, id, 'role.grant', grant);
    return this.announce.principal(unit, caller, id);
  }

  private record(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    id: string,
    action: string,
    bindings: readonly RoleBinding[],
  ): void {
    for (const { role, project } of bindings)
      this.audit.record(unit, caller, {
        action,
        object: { kind: 'principal', id },
        project,
        details: { role },
      });
  }
}

/** Throws AppError `GOVERNANCE.LAST_ADMINISTRATOR` where a change would leave nobody who may undo it. */
export async function requireAdministrator(
  identities: IdentityRepository,
  unit: UnitOfWork<GovernanceTables>,
): Promise<void> {
  if ((await identities.countHolders(unit, 'administrator')) === 0)
    throw errors.conflict(
      'GOVERNANCE.LAST_ADMINISTRATOR',
      'The installation must keep an active administrator.',
    );
}
