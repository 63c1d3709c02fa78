import { Injectable } from '@nestjs/common';
import { AuditTrail, ruleFaults, type Caller, type PolicyRule } from '@steward/access';
import { RoleChanged } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, isName, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from '../identity/announce-policy';
import { isBuiltIn } from './read-roles';
import { canonicalRole, roleNotFound, sameRole, type RoleVersion } from './role';
import { RoleRepository } from './role.repository';

type Unit = UnitOfWork<GovernanceTables>;

/** What a role of one's own is to be. */
export interface RoleWish {
  readonly description: string;
  readonly rules: readonly PolicyRule[];
}

/** Makes, changes and deletes roles of the installation's own. Every service holds to the change within a second. */
@Injectable()
export class ChangeRole {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly roles: RoleRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** The same again is no new version. `requiresTotp` undefined: as it is; of a built-in role it alone can be set. */
  async put(
    caller: Caller,
    role: string,
    wish: RoleWish | null,
    requiresTotp: boolean | undefined,
  ): Promise<void> {
    await this.database.transaction(async (unit) => {
      await this.roles.lock(unit);
      if (wish) await this.putIn(unit, caller, role, wish);
      if (requiresTotp !== undefined) await this.requireTotp(unit, caller, role, requiresTotp);
    });
  }

  async delete(caller: Caller, role: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      await this.roles.lock(unit);
      await this.deleteIn(unit, caller, role);
    });
  }

  /** In a transaction that holds the lock. */
  async putIn(unit: Unit, caller: Caller, role: string, wish: RoleWish): Promise<void> {
    requireSoundRole(role, wish.rules);
    const before = await this.roles.find(role, unit);
    if (before?.state === 'active' && sameRole(before, wish)) return;
    const { description, rules } = canonicalRole(wish);
    await this.write(unit, caller, {
      role,
      version: (before?.version ?? 0) + 1,
      state: 'active',
      description,
      rules: rules as RoleVersion['rules'],
      changedBy: caller.principal.id,
      changedAt: this.clock.iso(),
    });
  }

  async deleteIn(unit: Unit, caller: Caller, role: string): Promise<void> {
    const before = await this.roles.find(role, unit);
    if (before?.state !== 'active') throw roleNotFound(role);
    const held = await this.roles.countGrants(unit, role);
    if (held > 0)
      throw errors.conflict(
        'GOVERNANCE.ROLE_HELD',
        `The role ${role} is held ${held} times. Take it from its holders first.`,
        { details: { role, held } },
      );
    const { version } = before;
    const [changedBy, changedAt] = [caller.principal.id, this.clock.iso()];
    await this.write(unit, caller, {
      ...before,
      version: version + 1,
      state: 'deleted',
      rules: [],
      changedBy,
      changedAt,
    });
  }

  async requireTotp(unit: Unit, caller: Caller, role: string, requires: boolean): Promise<void> {
    if (!isBuiltIn(role) && (await this.roles.find(role, unit))?.state !== 'active') throw roleNotFound(role);
    if ((await this.roles.requiringTotp(unit)).has(role) === requires) return;
    await this.roles.setRequiresTotp(unit, role, requires, caller.principal.id, this.clock.iso());
    this.audit.record(unit, caller, {
      action: 'role.require-totp',
      object: { kind: 'role', id: role },
      project: null,
      details: { requires },
    });
  }

  private async write(unit: Unit, caller: Caller, version: RoleVersion): Promise<void> {
    const { role, state, rules } = version;
    await this.roles.add(unit, version);
    this.announce.publish(unit, caller, RoleChanged, role, {
      role,
      roleVersion: version.version,
      rules: rules.map(({ action, subject, ...rest }) => ({
        action: [...action],
        subject: [...subject],
        ...(rest as object),
      })),
      state,
    });
    this.audit.record(unit, caller, {
      action: state === 'deleted' ? 'role.delete' : version.version === 1 ? 'role.create' : 'role.change',
      object: { kind: 'role', id: role },
      project: null,
      details: { version: version.version, rules: rules.length, digest: sha256(JSON.stringify(rules)) },
    });
  }
}

/** Throws AppError `GOVERNANCE.ROLE_INVALID` that names everything that is wrong with a role's name or rules. */
export function requireSoundRole(role: string, rules: readonly PolicyRule[]): void {
  if (isBuiltIn(role))
    throw errors.conflict(
      'GOVERNANCE.ROLE_BUILT_IN',
      `The role ${role} is built in: its rules cannot be changed. Make a role of another name.`,
    );
  const faults = [
    ...(isName(role) ? [] : ['The name must be lower-case letters, digits and hyphens, 63 at most.']),
    ...ruleFaults(rules),
  ];
  if (faults.length > 0)
    throw errors.invalid('GOVERNANCE.ROLE_INVALID', faults.slice(0, 10).join(' '), { details: { faults } });
}
