import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { canonicalJson } from '@steward/audit-log';
import { Database, type UnitOfWork } from '@steward/database';
import { errors, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { IdentityRepository, ProjectRepository } from '../identity/identity.repository';
import { SetRoles } from '../identity/set-roles';
import { ChangeRole, requireSoundRole } from './change-role';
import {
  documentFaults,
  exportPolicy,
  policySteps,
  type Holder,
  type PolicyDocument,
  type PolicyStep,
} from './policy-document';
import { isBuiltIn, ReadRoles } from './read-roles';
import { RoleRepository } from './role.repository';

type Unit = UnitOfWork<GovernanceTables>;

const isAdministration = ({ role }: { readonly role: string }): boolean => role === 'administrator';

/** What a plan says: the steps, and the digest of the policy that they start from. */
export interface PolicyPlan {
  readonly steps: readonly PolicyStep[];
  readonly digest: string;
}

/** The whole policy as one document: shown, compared with one from Git, and made so in one transaction. */
@Injectable()
export class ApplyPolicy {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly projects: ProjectRepository,
    private readonly roles: RoleRepository,
    private readonly reading: ReadRoles,
    private readonly changeRole: ChangeRole,
    private readonly setRoles: SetRoles,
    private readonly audit: AuditTrail,
  ) {}

  async export(): Promise<PolicyDocument> {
    return exportPolicy(await this.reading.list(), await this.identities.holders());
  }

  /** Changes nothing. Throws AppError `GOVERNANCE.POLICY_INVALID` that names everything that is wrong. */
  async plan(document: PolicyDocument): Promise<PolicyPlan> {
    const holders = await this.identities.holders();
    await this.requireSound(document, holders);
    const roles = await this.reading.list();
    const digest = sha256(canonicalJson(exportPolicy(roles, holders)));
    return { steps: policySteps(document, roles, holders), digest };
  }

  /**
   * Takes the steps, all or none; with no difference nothing happens. With the digest of a plan it is refused if the
   * policy has changed since (`GOVERNANCE.POLICY_MOVED`).
   */
  async apply(caller: Caller, document: PolicyDocument, digest: string | null): Promise<PolicyPlan> {
    return this.database.transaction(async (unit) => {
      await this.roles.lock(unit);
      const plan = await this.plan(document);
      if (digest !== null && digest !== plan.digest)
        throw errors.conflict(
          'GOVERNANCE.POLICY_MOVED',
          'The policy has changed since it was planned. Plan again and look at the steps.',
        );
      if (plan.steps.length === 0) return plan;
      await this.take(unit, caller, document, plan.steps);
      this.audit.record(unit, caller, {
        action: 'policy.apply',
        object: { kind: 'policy', id: 'installation' },
        project: null,
        details: { steps: plan.steps.length, from: plan.digest, document: sha256(canonicalJson(document)) },
      });
      return plan;
    });
  }

  private async take(
    unit: Unit,
    caller: Caller,
    document: PolicyDocument,
    steps: readonly PolicyStep[],
  ): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'role.create' || step.kind === 'role.change')
        await this.changeRole.putIn(unit, caller, step.role, document.roles[step.role]!);
      else if (step.kind === 'totp.require' || step.kind === 'totp.release')
        await this.changeRole.requireTotp(unit, caller, step.role, step.kind === 'totp.require');
    }
    const changed = Object.entries(document.bindings).filter(([name]) =>
      steps.some((step) => 'user' in step && step.user === name),
    );
    // Who becomes administrator comes first, so that one may follow another.
    const rises = ([name]: [string, unknown]): number =>
      Number(
        steps.some((step) => step.kind === 'role.grant' && step.user === name && isAdministration(step)),
      );
    for (const [name, bindings] of changed.sort((a, b) => rises(b) - rises(a))) {
      const { id } = (await this.identities.findByName(name))!;
      await this.setRoles.setIn(unit, caller, id, bindings);
    }
    for (const step of steps)
      if (step.kind === 'role.delete') await this.changeRole.deleteIn(unit, caller, step.role);
  }

  private async requireSound(document: PolicyDocument, holders: readonly Holder[]): Promise<void> {
    for (const [role, { rules }] of Object.entries(document.roles)) requireSoundRole(role, rules);
    const byName = new Map(holders.map((holder) => [holder.name, holder]));
    const named = Object.values(document.bindings).flatMap((held) => held.map(({ project }) => project));
    const projects = new Set<string>();
    for (const project of new Set(named))
      if (project !== null && (await this.projects.find(project))) projects.add(project);
    const known = (role: string): boolean => isBuiltIn(role) || Object.hasOwn(document.roles, role);
    const faults = documentFaults(document, { holders: byName, projects, knowsRole: known });
    if (faults.length > 0)
      throw errors.invalid('GOVERNANCE.POLICY_INVALID', faults.slice(0, 10).join(' '), {
        details: { faults },
      });
  }
}
