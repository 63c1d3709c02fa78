import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import { AccountRepository, ApprovalPolicyRepository, ApprovalRepository } from './approval.repository';
import type { ApprovalRequest, Decision, ExcludedPerson } from './approval-request';
import { policyExclusions, refusalOf, type FourEyes, type Refusal } from './four-eyes';

/** What decides whose word counts for a request, as of now. */
export interface Weighing {
  readonly facts: FourEyes;
  /** All who may not approve: those of the request, and those who changed the policy. */
  readonly excluded: readonly ExcludedPerson[];
  readonly decisions: readonly Decision[];
  /** Approvals and waivers whose people still count. */
  readonly counted: readonly Decision[];
  refusalOf(person: string): Refusal | null;
}

/** Gathers from the books who may decide on a request and whose decisions count. */
@Injectable()
export class WeighRequest {
  constructor(
    private readonly requests: ApprovalRepository,
    private readonly policies: ApprovalPolicyRepository,
    private readonly accounts: AccountRepository,
  ) {}

  async weigh(request: ApprovalRequest, unit?: UnitOfWork<GovernanceTables>): Promise<Weighing> {
    const { id, project, alias, openedAt, policy, excluded } = request;
    const changes = await this.policies.changes(project, alias, unit);
    const policyChanges = policyExclusions(changes, await this.requests.lastApproval(request, unit));
    const facts: FourEyes = { project, openedAt, roles: policy.roles, excluded, policyChanges };
    const accounts = await this.accounts.all(unit);
    const decisions = await this.requests.decisions(id, unit);
    const judge = (person: string): Refusal | null => refusalOf(facts, person, accounts);
    const people = new Set(policyChanges.map(({ person }) => person));
    return {
      facts,
      excluded: [...excluded, ...[...people].map((person) => ({ person, because: 'changed_policy' }))],
      decisions,
      counted: decisions.filter(({ kind, person }) => kind !== 'reject' && judge(person) === null),
      refusalOf: judge,
    };
  }
}
