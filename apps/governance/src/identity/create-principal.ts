import { Injectable } from '@nestjs/common';
import { AuditTrail, BuiltInRoles, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { IdentityRepository, ProjectRepository } from './identity.repository';
import { PasswordHasher } from './password.hasher';
import type { Identity, RoleBinding } from './principal';
import { isBuiltIn } from '../roles/read-roles';
import { RoleRepository } from '../roles/role.repository';

export interface NewPrincipal {
  readonly kind: 'person' | 'machine';
  readonly name: string;
  readonly displayName: string;
  /** Null for machines, which have API keys. */
  readonly password: string | null;
  readonly roles: readonly RoleBinding[];
  /** The password is good for one login. Default false. */
  readonly mustChangePassword?: boolean;
}

/** Throws AppError `GOVERNANCE.UNKNOWN_ROLE` or `GOVERNANCE.PROJECT_NOT_FOUND` for a binding to what there is not. */
export async function requireBindings(
  projects: ProjectRepository,
  roles: RoleRepository,
  bindings: readonly RoleBinding[],
): Promise<void> {
  for (const { role, project } of bindings) {
    if (!isBuiltIn(role) && (await roles.find(role))?.state !== 'active')
      throw errors.invalid('GOVERNANCE.UNKNOWN_ROLE', `There is no role ${role}.`, {
        details: { role, builtIn: Object.keys(BuiltInRoles) },
      });
    if (project !== null && !(await projects.find(project)))
      throw errors.notFound('GOVERNANCE.PROJECT_NOT_FOUND', `There is no project ${project}.`);
  }
}

/** Makes an account for a person or a machine. */
@Injectable()
export class CreatePrincipal {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly projects: ProjectRepository,
    private readonly roles: RoleRepository,
    private readonly passwords: PasswordHasher,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async create(caller: Caller, principal: NewPrincipal): Promise<Identity> {
    await requireBindings(this.projects, this.roles, principal.roles);
    const passwordHash = principal.password === null ? null : await this.passwords.hash(principal.password);
    return this.database.transaction((unit) => this.add(unit, caller, principal, passwordHash));
  }

  /** The same inside a transaction that the first start has opened. */
  async add(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    { kind, name, displayName, roles, mustChangePassword = false }: NewPrincipal,
    passwordHash: string | null,
  ): Promise<Identity> {
    const id = newId(this.clock.now());
    const [createdBy, createdAt] = [caller.principal.id, this.clock.iso()];
    if (
      !(await this.identities.add(unit, {
        id,
        kind,
        name,
        displayName,
        passwordHash,
        mustChangePassword,
        createdBy,
        createdAt,
      }))
    )
      throw errors.conflict('GOVERNANCE.NAME_TAKEN', 'This name is taken. Choose another.');
    await this.identities.grant(unit, id, roles, createdBy, createdAt);
    this.audit.record(unit, caller, {
      action: `${kind === 'person' ? 'user' : 'machine'}.create`,
      object: { kind: kind === 'person' ? 'user' : 'machine', id },
      project: null,
      details: { roles: roles.length },
    });
    for (const { role, project } of roles)
      this.audit.record(unit, caller, {
        action: 'role.grant',
        object: { kind: 'principal', id },
        project,
        details: { role },
      });
    return this.announce.principal(unit, caller, id);
  }
}
