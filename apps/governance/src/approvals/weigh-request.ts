import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import {
  AccountRepository,
  ApprovalPolicyRepository,
  ApprovalRepository,
  DelegationRepository,
} from './approval.repository';
import type { ApprovalRequest, Decision, ExcludedPerson } from './approval-request';
import { distinctVoices, standingOf, type Standing } from './delegated-standing';
import { policyExclusions, type FourEyes, type Refusal } from './four-eyes';
import type { JudgedGate } from './judge-gates';
import { LiveGates } from './live-gates';
import type { RoleVersion } from '../roles/role';
import { RoleRepository } from '../roles/role.repository';

/** What decides whose word counts for a request, as of now. */
export interface Weighing {
  readonly facts: FourEyes;
  /** All who may not approve: those of the request, who answered for it, and who changed the policy. */
  readonly excluded: readonly ExcludedPerson[];
  readonly decisions: readonly Decision[];
  /** Approvals and waivers of this round whose people still count; of approvals, one for each authority. */
  readonly counted: readonly Decision[];
  /** Those of the request, and those that are judged anew each time. */
  readonly gates: readonly JudgedGate[];
  /** Why the person may not decide at this moment, or null. */
  refusalOf(person: string): Refusal | null;
}

/** Gathers from the books who may decide on a request and whose decisions count. */
@Injectable()
export class WeighRequest {
  constructor(
    private readonly requests: ApprovalRepository,
    private readonly policies: ApprovalPolicyRepository,
    private readonly accounts: AccountRepository,
    private readonly delegations: DelegationRepository,
    private readonly liveGates: LiveGates,
    private readonly roles: RoleRepository,
    private readonly clock: Clock,
  ) {}

  async weigh(request: ApprovalRequest, unit?: UnitOfWork<GovernanceTables>): Promise<Weighing> {
    const { id, project, alias, environment, policy } = request;
    const decisions = await this.requests.decisions(id, unit);
    const excluded = [...request.excluded, ...answerers(decisions)];
    const changes = await this.policies.changes(project, alias, environment, unit);
    const policyChanges = policyExclusions(changes, await this.requests.lastApproval(request, unit));
    const facts: FourEyes = {
      project,
      openedAt: request.openedAt,
      roles: cleanRoles(policy.roles, await this.roles.newest(unit), excluded, request.openedAt),
      excluded,
      policyChanges,
    };
    const accounts = await this.accounts.all(unit);
    const delegations = policy.delegation ? await this.delegations.all(project, unit) : [];
    const standing = (person: string, at: string): Standing =>
      standingOf(facts, delegations, person, at, accounts);
    const people = new Set(policyChanges.map(({ person }) => person));
    return {
      facts,
      excluded: [...excluded, ...[...people].map((person) => ({ person, because: 'changed_policy' }))],
      decisions,
      counted: countedOf(decisions, request.round, standing),
      gates: [...request.gates, ...(await this.liveGates.judge(request, unit))],
      refusalOf: (person) => standing(person, this.clock.iso()).refusal,
    };
  }
}

/**
 * The policy's roles without those of the installation's own whose rules were changed by somebody who stands behind the
 * request, or since it was opened: who writes a role's rules gives what it gives.
 */
export function cleanRoles(
  roles: readonly string[],
  own: readonly Pick<RoleVersion, 'role' | 'changedBy' | 'changedAt'>[],
  excluded: readonly ExcludedPerson[],
  openedAt: string,
): string[] {
  return roles.filter((role) => {
    const version = own.find((each) => each.role === role);
    if (!version) return true;
    return version.changedAt < openedAt && !excluded.some(({ person }) => person === version.changedBy);
  });
}

/** Who answered for a request stands behind it from then on. */
function answerers(decisions: readonly Decision[]): ExcludedPerson[] {
  const people = new Set(decisions.filter(({ kind }) => kind === 'answer').map(({ person }) => person));
  return [...people].map((person) => ({ person, because: 'answered_changes' }));
}

function countedOf(
  decisions: readonly Decision[],
  round: number,
  standing: (person: string, at: string) => Standing,
): Decision[] {
  const voices = decisions
    .filter((decision) => decision.round === round && ['approve', 'waive'].includes(decision.kind))
    .map((decision) => ({
      decision,
      person: decision.person,
      authorities: standing(decision.person, decision.decidedAt).authorities,
    }))
    .filter(({ authorities }) => authorities.length > 0);
  const approvals = new Set(distinctVoices(voices.filter(({ decision }) => decision.kind === 'approve')));
  return voices
    .filter((voice) => voice.decision.kind === 'waive' || approvals.has(voice))
    .map(({ decision }) => decision);
}
