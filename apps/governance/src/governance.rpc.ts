import { Injectable } from '@nestjs/common';
import { Can, PublicEndpoint, type Caller } from '@steward/access';
import { canonicalJson } from '@steward/audit-log';
import {
  GovernanceServiceService,
  type Approval,
  type ApproveRequest,
  type ApproveResponse,
  type GetApprovalRequest,
  type GetApprovalResponse,
  type GetAuditHeadResponse,
  type ListApprovalsRequest,
  type ListApprovalsResponse,
  type ListAuditEntriesRequest,
  type ListAuditEntriesResponse,
  type LoginRequest,
  type LoginResponse,
  type RejectRequest,
  type RejectResponse,
  type WaiveRequest,
  type WaiveResponse,
} from '@steward/contracts/generated/steward/governance/v1/governance';
import { errors } from '@steward/kernel';
import { parseInput, RpcService, type RpcCall } from '@steward/service';
import { z } from 'zod';
import { ApprovalStates } from './approvals/approval-request';
import { DecideRequest, type Act } from './approvals/decide-request';
import { ReadApprovals } from './approvals/read-approvals';
import { AuditLogRepository } from './audit/audit-log.repository';
import { SearchEntries } from './audit/search-entries';
import { approvalMessage, requestMessage } from './governance-messages';
import { LogIn, LoginBody } from './identity/log-in';

const Page = z.object({
  limit: z.number().int().min(0).max(1_000),
  state: z.union([z.literal(''), z.enum(ApprovalStates)]).default(''),
});
const Reason = z.string().trim().min(3).max(2_000);
const Digest = z.string().regex(/^([0-9a-f]{64})?$/, 'a SHA-256 of 64 hexadecimal digits');

/** The control plane over gRPC: the same use cases as the HTTP routes. */
@Injectable()
export class GovernanceRpc extends RpcService {
  readonly definition = GovernanceServiceService;

  constructor(
    private readonly logIn: LogIn,
    private readonly approvals: ReadApprovals,
    private readonly decisions: DecideRequest,
    private readonly entries: SearchEntries,
    private readonly log: AuditLogRepository,
  ) {
    super();
  }

  @PublicEndpoint('Nobody has a token before logging in; guessing is locked out.')
  login({ user, password }: LoginRequest, { caller, metadata }: RpcCall): Promise<LoginResponse> {
    const body = parseInput(LoginBody, { user, password }, 'body');
    const userAgent = metadata.get('user-agent')[0]?.toString() ?? null;
    return this.logIn.logIn(caller, body, { kind: 'token', userAgent });
  }

  @Can('read', 'ApprovalRequest', { refined: true })
  async listApprovals(request: ListApprovalsRequest, { caller }: RpcCall): Promise<ListApprovalsResponse> {
    const { limit, state } = parseInput(Page, request, 'body');
    const { items, next } = await this.approvals.list(caller, {
      project: request.project,
      state: state === '' ? null : state,
      limit: Math.min(limit || 50, 200),
      after: request.after || null,
    });
    return { approvals: items.map(requestMessage), next: next ?? '' };
  }

  @Can('read', 'ApprovalRequest', { refined: true })
  async getApproval(request: GetApprovalRequest, { caller }: RpcCall): Promise<GetApprovalResponse> {
    const { project, id } = request;
    return { approval: approvalMessage(await this.approvals.show(caller, project, id)) };
  }

  @Can('approve', 'ApprovalRequest', { refined: true })
  async approve(request: ApproveRequest, { caller }: RpcCall): Promise<ApproveResponse> {
    const digest = parseInput(Digest, request.digest, 'body') || null;
    const reason = request.reason === '' ? null : parseInput(Reason, request.reason, 'body');
    return { approval: await this.decide(caller, request, { kind: 'approve', gate: null, reason, digest }) };
  }

  @Can('approve', 'ApprovalRequest', { refined: true })
  async reject(request: RejectRequest, { caller }: RpcCall): Promise<RejectResponse> {
    const reason = parseInput(Reason, request.reason, 'body');
    return {
      approval: await this.decide(caller, request, { kind: 'reject', gate: null, reason, digest: null }),
    };
  }

  @Can('waive', 'ApprovalRequest', { refined: true })
  async waive(request: WaiveRequest, { caller }: RpcCall): Promise<WaiveResponse> {
    const reason = parseInput(Reason, request.reason, 'body');
    const act = { kind: 'waive' as const, gate: request.gate, reason, digest: null };
    return { approval: await this.decide(caller, request, act) };
  }

  @Can('read', 'AuditEntry', { anyProject: true })
  async listAuditEntries(
    request: ListAuditEntriesRequest,
    { caller }: RpcCall,
  ): Promise<ListAuditEntriesResponse> {
    const { limit } = parseInput(Page.pick({ limit: true }), request, 'body');
    const { items, next } = await this.entries.search(caller, {
      project: request.project || null,
      action: request.action || null,
      actor: request.actor || null,
      object: request.object || null,
      correlation: request.correlation || null,
      from: null,
      to: null,
      limit: limit || 100,
      after: request.after ?? null,
    });
    const entries = items.map(({ index, leaf: _leaf, reason, address, ...entry }) => ({
      index,
      entryJson: canonicalJson(entry).toString('utf8'),
      reason: reason ?? '',
      address: address ?? '',
    }));
    return { entries, next: next ?? undefined };
  }

  @Can('verify', 'AuditEntry', { project: null })
  async getAuditHead(): Promise<GetAuditHeadResponse> {
    const head = await this.log.head();
    if (!head)
      throw errors.unavailable('GOVERNANCE.NO_HEAD', 'The audit log has no signed head yet. Try again.');
    return { size: head.size, root: head.root.toString('hex'), time: head.time, checkpoint: head.note };
  }

  private async decide(
    caller: Caller,
    { project, id }: { project: string; id: string },
    act: Act,
  ): Promise<Approval> {
    await this.decisions.decide(caller, project, id, act);
    return approvalMessage(await this.approvals.get(project, id));
  }
}
