import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { PolicyVersion } from './approval-policy';
import type { ApprovalRequest, ApprovalState, Comment, Decision, Evidence } from './approval-request';
import type { Delegation } from './delegated-standing';
import type { Account, PolicyChange } from './four-eyes';

type Unit = UnitOfWork<GovernanceTables>;

export interface RequestPage {
  readonly project: string;
  readonly state: ApprovalState | null;
  readonly limit: number;
  /** Id of the last one of the page before. */
  readonly after: string | null;
}

/** Approval requests and what people decided. Abstract class = injection token. */
export abstract class ApprovalRepository {
  /** False if there is one with this id. */
  abstract add(unit: Unit, request: ApprovalRequest): Promise<boolean>;
  abstract find(project: string, id: string): Promise<ApprovalRequest | null>;
  /** With its row locked, so that decisions follow one another. */
  abstract lock(unit: Unit, id: string): Promise<ApprovalRequest | null>;
  /** Requests for the alias of a model that wait, locked. */
  abstract lockPending(unit: Unit, project: string, model: string, alias: string): Promise<ApprovalRequest[]>;
  /** Newest first. */
  abstract list(page: RequestPage): Promise<ApprovalRequest[]>;
  abstract close(unit: Unit, id: string, state: ApprovalState, at: string, voidCode?: string): Promise<void>;
  /** Waits for approvers or for whoever asked; an answer begins a new round. */
  abstract pend(unit: Unit, id: string, state: 'open' | 'changes_requested', round: number): Promise<void>;
  /** Ids of requests that wait although their time is over. */
  abstract overdue(now: string): Promise<string[]>;
  abstract decisions(id: string, unit?: Unit): Promise<Decision[]>;
  /** False if this person has done this before, in this round. */
  abstract decide(unit: Unit, requestId: string, decision: Decision): Promise<boolean>;
  /** When the alias was last granted to a version before this request; ISO 8601 or null. */
  abstract lastApproval(request: ApprovalRequest, unit?: Unit): Promise<string | null>;
  abstract countOpen(): Promise<number>;
}

/** Approval policies with their history. */
export abstract class ApprovalPolicyRepository {
  /** The newest version of exactly this environment; the default's version 0 where there is none. */
  abstract current(project: string, alias: string, environment: string, unit?: Unit): Promise<PolicyVersion>;
  /** The newest version of each alias and environment that has a policy of its own, by name. */
  abstract all(project: string): Promise<PolicyVersion[]>;
  /** What holds in an environment: its own policy, else that of any environment, else the default. */
  abstract holding(project: string, alias: string, environment: string, unit?: Unit): Promise<PolicyVersion>;
  /** As `current`; until the transaction ends nobody else changes the policy of this alias. */
  abstract lockCurrent(
    unit: Unit,
    project: string,
    alias: string,
    environment: string,
  ): Promise<PolicyVersion>;
  abstract add(
    unit: Unit,
    version: PolicyVersion & { readonly changedBy: string; readonly changedAt: string },
  ): Promise<void>;
  /** Every change of what could hold in an environment, whoever made it. */
  abstract changes(project: string, alias: string, environment: string, unit?: Unit): Promise<PolicyChange[]>;
}

/** Accounts with all their grants, as the books have them. */
export abstract class AccountRepository {
  abstract all(unit?: Unit): Promise<ReadonlyMap<string, Account>>;
}

/** What people wrote and attached beside their decisions. */
export abstract class ApprovalFileRepository {
  abstract comment(unit: Unit, requestId: string, comment: Comment): Promise<void>;
  abstract comments(requestId: string): Promise<Comment[]>;
  /** False if these bytes are attached already. */
  abstract attach(unit: Unit, requestId: string, evidence: Evidence): Promise<boolean>;
  abstract evidence(requestId: string): Promise<Evidence[]>;
}

/** Who lets whom approve in his place. */
export abstract class DelegationRepository {
  abstract add(unit: Unit, project: string, delegation: Delegation): Promise<void>;
  abstract find(project: string, id: string): Promise<Delegation | null>;
  /** False if it was taken back before. */
  abstract revoke(unit: Unit, id: string, by: string, at: string): Promise<boolean>;
  /** All that ever were, oldest first. */
  abstract all(project: string, unit?: Unit): Promise<Delegation[]>;
}
