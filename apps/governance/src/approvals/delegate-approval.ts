import { Injectable } from '@nestjs/common';
import { AuditTrail, BuiltInRoles, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from '../identity/announce-policy';
import { IdentityRepository } from '../identity/identity.repository';
import { principalNotFound, type Identity } from '../identity/principal';
import { TemporaryRoleRepository } from '../temporary-roles/temporary-role.repository';
import { DelegationRepository } from './approval.repository';
import type { Delegation } from './delegated-standing';
import { personFault } from './decide-request';

const DAY_MS = 24 * 3_600_000;
const LONGEST_DAYS = 90;

/** To whom and when. Times are ISO 8601. */
export interface DelegationTerms {
  readonly to: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly reason: string;
}

/**
 * Somebody with a role that approves lets another person decide in his place for a time. The delegate is given the
 * right to act; whether his word counts is for `standingOf` to say, request by request, under a policy that allows
 * delegation.
 */
@Injectable()
export class DelegateApproval {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly delegations: DelegationRepository,
    private readonly identities: IdentityRepository,
    private readonly temporary: TemporaryRoleRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async delegate(caller: Caller, project: string, terms: DelegationTerms): Promise<Delegation> {
    const fault = personFault(caller);
    if (fault) throw fault;
    const from = caller.principal.id;
    this.requirePeriod(terms);
    const delegation: Delegation = {
      id: newId(this.clock.now()),
      from,
      to: terms.to,
      startsAt: new Date(terms.startsAt).toISOString(),
      endsAt: new Date(terms.endsAt).toISOString(),
      createdAt: this.clock.iso(),
      revokedAt: null,
    };
    return this.database.transaction(async (unit) => {
      const roles = approvingRoles(await this.identities.lock(unit, from), project);
      if (roles.length === 0)
        throw errors.forbidden(
          'GOVERNANCE.NOTHING_TO_DELEGATE',
          'You hold no role of your own that approves here; what was delegated to you is not delegated further.',
        );
      await this.requireDelegate(unit, from, terms.to);
      await this.delegations.add(unit, project, delegation);
      const { startsAt, endsAt } = delegation;
      const given = roles.map((role) => ({ role, project, from: startsAt, until: endsAt }));
      await this.temporary.add(unit, terms.to, delegation.id, given);
      await this.announce.principal(unit, caller, terms.to);
      this.record(unit, caller, project, delegation, 'approval.delegate', terms.reason);
      return delegation;
    });
  }

  /** Who made it takes it back; what was decided by it then no longer counts for requests that are open. */
  async revoke(caller: Caller, project: string, id: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      const delegation = await this.delegations.find(project, id);
      if (!delegation)
        throw errors.notFound('GOVERNANCE.DELEGATION_NOT_FOUND', 'There is no such delegation here.');
      if (delegation.from !== caller.principal.id)
        throw errors.forbidden('GOVERNANCE.NOT_YOUR_DELEGATION', 'Only who delegated takes it back.');
      const now = this.clock.iso();
      if (!(await this.delegations.revoke(unit, id, caller.principal.id, now))) return;
      await this.temporary.end(unit, id, now);
      await this.announce.principal(unit, caller, delegation.to);
      this.record(unit, caller, project, delegation, 'approval.undelegate');
    });
  }

  private requirePeriod({ startsAt, endsAt }: DelegationTerms): void {
    const [start, end] = [Date.parse(startsAt), Date.parse(endsAt)];
    if (start >= end || end <= this.clock.now() || end - start > LONGEST_DAYS * DAY_MS)
      throw errors.invalid(
        'GOVERNANCE.BAD_PERIOD',
        `A delegation ends after it starts, in the future, and lasts ${LONGEST_DAYS} days at most.`,
      );
  }

  private async requireDelegate(unit: UnitOfWork<GovernanceTables>, from: string, to: string): Promise<void> {
    const delegate = await this.identities.find(to, unit);
    if (delegate?.kind !== 'person') throw principalNotFound(to);
    if (to === from || delegate.state !== 'active')
      throw errors.conflict('GOVERNANCE.BAD_DELEGATE', 'Delegate to another person whose account is active.');
  }

  private record(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    project: string,
    { id, to, startsAt, endsAt }: Delegation,
    action: string,
    reason?: string,
  ): void {
    this.audit.record(unit, caller, {
      action,
      object: { kind: 'approval-delegation', id },
      project,
      ...(reason === undefined ? {} : { reason }),
      details: { to, startsAt, endsAt },
    });
  }
}

/** Lasting roles of a person that give the right to approve in the project. */
function approvingRoles(identity: Identity | null, project: string): string[] {
  const approving = Object.entries(BuiltInRoles)
    .filter(([, rules]) => rules.some(({ action }) => (action as readonly string[]).includes('approve')))
    .map(([role]) => role);
  const held = (identity?.roles ?? [])
    .filter((binding) => binding.project === null || binding.project === project)
    .map(({ role }) => role);
  return approving.filter((role) => held.includes(role));
}
