import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { PolicyVersion } from './approval-policy';
import type { ApprovalRequest, ApprovalState, Decision } from './approval-request';
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
  /** Open requests for the alias of a model, locked. */
  abstract lockOpen(unit: Unit, project: string, model: string, alias: string): Promise<ApprovalRequest[]>;
  /** Newest first. */
  abstract list(page: RequestPage): Promise<ApprovalRequest[]>;
  abstract close(unit: Unit, id: string, state: ApprovalState, at: string, voidCode?: string): Promise<void>;
  abstract decisions(id: string, unit?: Unit): Promise<Decision[]>;
  /** False if this person has done this before. */
  abstract decide(unit: Unit, requestId: string, decision: Decision): Promise<boolean>;
  /** When the alias was last granted to a version before this request; ISO 8601 or null. */
  abstract lastApproval(request: ApprovalRequest, unit?: Unit): Promise<string | null>;
  abstract countOpen(): Promise<number>;
}

/** Approval policies with their history. */
export abstract class ApprovalPolicyRepository {
  /** The newest version; the default's version 0 where there is none. */
  abstract current(project: string, alias: string, unit?: Unit): Promise<PolicyVersion>;
  /** The same; until the transaction ends nobody else changes the policy of this alias. */
  abstract lockCurrent(unit: Unit, project: string, alias: string): Promise<PolicyVersion>;
  abstract add(
    unit: Unit,
    version: PolicyVersion & { readonly changedBy: string; readonly changedAt: string },
  ): Promise<void>;
  /** Every change, whoever made it. */
  abstract changes(project: string, alias: string, unit?: Unit): Promise<PolicyChange[]>;
}

/** Accounts with all their grants, as the books have them. */
export abstract class AccountRepository {
  abstract all(unit?: Unit): Promise<ReadonlyMap<string, Account>>;
}
