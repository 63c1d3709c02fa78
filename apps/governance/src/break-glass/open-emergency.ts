import { Injectable } from '@nestjs/common';
import { PolicyCache, type Caller, type PolicyRole } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import { AccountRepository } from '../approvals/approval.repository';
import { personFault } from '../approvals/decide-request';
import type { GovernanceTables } from '../governance-tables';
import { TemporaryRoleRepository } from '../temporary-roles/temporary-role.repository';
import { AnnounceEmergency } from './announce-emergency';
import { LONGEST_MINUTES, reviewRefusal, type EmergencyAccess } from './emergency-access';
import { EmergencyAccessRepository } from './emergency-access.repository';

/** What a person takes, and why. */
export interface EmergencyTerms {
  readonly role: string;
  readonly minutes: number;
  readonly reason: string;
}

/**
 * A person takes a role in one project for a short time, at once. Somebody else is told, or it is refused; it ends by
 * itself; the review stays open until somebody else signs it. Rights to approve cannot be taken: four eyes do not bend
 * in an emergency.
 */
@Injectable()
export class OpenEmergency {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly accesses: EmergencyAccessRepository,
    private readonly accounts: AccountRepository,
    private readonly temporary: TemporaryRoleRepository,
    private readonly announcing: AnnounceEmergency,
    private readonly policy: PolicyCache,
    private readonly clock: Clock,
  ) {}

  async open(caller: Caller, project: string, terms: EmergencyTerms): Promise<EmergencyAccess> {
    const fault = personFault(caller);
    if (fault) throw fault;
    this.requireRole(terms.role);
    return this.database.transaction(async (unit) => {
      const access = this.accessOf(caller, project, terms);
      const accounts = await this.accounts.all(unit);
      const informed = [...accounts.keys()].filter(
        (person) => reviewRefusal(access, person, access.startedAt, accounts) === null,
      );
      if (informed.length === 0)
        throw errors.conflict(
          'GOVERNANCE.NOBODY_TO_INFORM',
          'There is no other administrator or privacy officer who could be told and sign the review.',
        );
      const told = { ...access, informed };
      if (!(await this.accesses.add(unit, told)))
        throw errors.conflict('GOVERNANCE.EMERGENCY_ACTIVE', 'You hold this role by an emergency already.');
      const { role, startedAt: from, until } = told;
      await this.temporary.add(unit, told.person, told.id, [{ role, project, from, until }]);
      await this.announcing.announce(unit, caller, told, 'open', terms.reason);
      return told;
    });
  }

  /** The roles that can be taken, by name: all but those that approve or waive. */
  roles(): string[] {
    return [...this.policy.current.roles.values()]
      .filter((role) => role.rules.length > 0 && !approves(role))
      .map(({ name }) => name)
      .toSorted();
  }

  private requireRole(name: string): void {
    const role = this.policy.current.roles.get(name);
    if (!role)
      throw errors.invalid('GOVERNANCE.NO_SUCH_ROLE', 'There is no such role.', { details: { role: name } });
    if (approves(role))
      throw errors.forbidden(
        'GOVERNANCE.EMERGENCY_CANNOT_APPROVE',
        'A role that approves or waives cannot be taken in an emergency.',
      );
  }

  private accessOf(
    caller: Caller,
    project: string,
    { role, minutes, reason }: EmergencyTerms,
  ): EmergencyAccess {
    const now = this.clock.now();
    const lasts = Math.min(minutes, LONGEST_MINUTES);
    return {
      id: newId(now),
      project,
      person: caller.principal.id,
      role,
      reason,
      informed: [],
      startedAt: new Date(now).toISOString(),
      until: new Date(now + lasts * 60_000).toISOString(),
      endedAt: null,
      reviewedBy: null,
      reviewedAt: null,
      justified: null,
      reviewNote: null,
      correlation: caller.correlation,
    };
  }
}

/** `manage` is all of them. */
const APPROVING = ['approve', 'waive', 'manage'];

const approves = ({ rules }: PolicyRole): boolean =>
  rules.some(({ action, inverted }) => !inverted && APPROVING.some((each) => action.includes(each)));
