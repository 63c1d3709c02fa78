import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { requireBindings } from '../identity/create-principal';
import { ProjectRepository } from '../identity/identity.repository';
import { RoleRepository } from '../roles/role.repository';
import { OidcLoginRepository, type GroupRole, type WrittenGroupRole } from './oidc-login.repository';
import { OidcSettings } from './oidc-provider';

/** Says which groups of a provider hold which roles; it takes effect at each person's next login. */
@Injectable()
export class MapGroups {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly settings: OidcSettings,
    private readonly logins: OidcLoginRepository,
    private readonly projects: ProjectRepository,
    private readonly roles: RoleRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async read(provider: string): Promise<WrittenGroupRole[]> {
    this.requireProvider(provider);
    return this.logins.groupRoles(provider);
  }

  async set(caller: Caller, provider: string, lines: readonly GroupRole[]): Promise<WrittenGroupRole[]> {
    this.requireProvider(provider);
    await requireBindings(this.projects, this.roles, lines);
    return this.database.transaction(async (unit) => {
      await this.roles.lock(unit);
      await this.logins.setGroupRoles(unit, provider, lines, caller.principal.id, this.clock.iso());
      this.audit.record(unit, caller, {
        action: 'oidc-groups.change',
        object: { kind: 'oidc-provider', id: provider },
        project: null,
        details: { lines: lines.length, digest: sha256(JSON.stringify(lines)) },
      });
      return this.logins.groupRoles(provider, unit);
    });
  }

  private requireProvider(id: string): void {
    if (!this.settings.providers.some((each) => each.id === id))
      throw errors.notFound('GOVERNANCE.OIDC_PROVIDER_NOT_FOUND', `There is no provider ${id}.`);
  }
}
