import { Injectable } from '@nestjs/common';
import { Access, BuiltInRoles, type Caller } from '@steward/access';
import { ApprovalFileRepository, ApprovalRepository, type RequestPage } from './approval.repository';
import {
  approvalNotFound,
  type ApprovalRequest,
  type Comment,
  type Decision,
  type Evidence,
  type ExcludedPerson,
} from './approval-request';
import type { JudgedGate } from './judge-gates';
import { WeighRequest } from './weigh-request';

/** A request in a list. */
export interface ListedApproval extends ApprovalRequest {
  /** Roles whose holders may waive a failed gate. */
  readonly waivableBy: readonly string[];
}

/** A request as people see it. */
export interface ApprovalView extends Omit<ListedApproval, 'gates' | 'excluded'> {
  readonly gates: readonly (JudgedGate & { readonly waivedBy: string | null })[];
  readonly excluded: readonly ExcludedPerson[];
  readonly decisions: readonly (Decision & { readonly counts: boolean })[];
  readonly comments: readonly Comment[];
  readonly evidence: readonly Evidence[];
}

/** Approval requests for people to look at. */
@Injectable()
export class ReadApprovals {
  constructor(
    private readonly requests: ApprovalRepository,
    private readonly files: ApprovalFileRepository,
    private readonly weighing: WeighRequest,
    private readonly access: Access,
  ) {}

  /** Those that the caller may read; there may be fewer than asked for. */
  async list(
    { principal }: Caller,
    page: RequestPage,
  ): Promise<{ items: ListedApproval[]; next: string | null }> {
    const found = await this.requests.list(page);
    const items = found
      .filter((request) => this.access.can(principal, 'read', 'ApprovalRequest', fieldsOf(request)))
      .map(listed);
    return { items, next: found.length === page.limit ? found.at(-1)!.id : null };
  }

  /** One that the caller may read: what rules say of its model, alias and environment counts. */
  async show(caller: Caller, project: string, id: string): Promise<ApprovalView> {
    const request = await this.requests.find(project, id);
    if (!request) throw approvalNotFound(id);
    this.access.require(caller, 'read', 'ApprovalRequest', fieldsOf(request));
    return this.view(request);
  }

  /** For who has just decided on it. */
  async get(project: string, id: string): Promise<ApprovalView> {
    const request = await this.requests.find(project, id);
    if (!request) throw approvalNotFound(id);
    return this.view(request);
  }

  private async view(request: ApprovalRequest): Promise<ApprovalView> {
    const { id } = request;
    const { excluded, decisions, counted, gates } = await this.weighing.weigh(request);
    const waiverOf = (gate: string): string | null =>
      counted.find((decision) => decision.kind === 'waive' && decision.gate === gate)?.person ?? null;
    return {
      ...listed(request),
      gates: gates.map((judged) => ({ ...judged, waivedBy: waiverOf(judged.gate) })),
      excluded,
      decisions: decisions.map((decision) => ({
        ...decision,
        counts: NO_VOTE.includes(decision.kind) || counted.includes(decision),
      })),
      comments: await this.files.comments(id),
      evidence: await this.files.evidence(id),
    };
  }
}

const fieldsOf = ({ project, model, alias, environment }: ApprovalRequest) => ({
  project,
  model,
  alias,
  environment,
});

/** These say something whoever's word it is. */
const NO_VOTE: readonly string[] = ['reject', 'request_changes', 'answer'];

/** Of the roles that count for the request, those with the right to waive. */
function listed(request: ApprovalRequest): ListedApproval {
  const waivers = Object.entries(BuiltInRoles)
    .filter(([, rules]) => rules.some(({ action }) => (action as readonly string[]).includes('waive')))
    .map(([role]) => role);
  return { ...request, waivableBy: request.policy.roles.filter((role) => waivers.includes(role)) };
}
