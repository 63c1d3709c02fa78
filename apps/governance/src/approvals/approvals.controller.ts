import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { AnswerChanges } from './answer-changes';
import { ApprovalStates } from './approval-request';
import { DecideRequest } from './decide-request';
import { ReadApprovals } from './read-approvals';

const Page = z.object({
  state: z.enum(ApprovalStates).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});
export const Reason = z.string().trim().min(3).max(2_000);
const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 hexadecimal digits');
const Approve = z.strictObject({ reason: Reason.optional(), digest: Digest.optional() }).nullish();
const Reject = z.strictObject({ reason: Reason });
const Waive = z.strictObject({ gate: z.string().min(1).max(100), reason: Reason });

@ApiTags('Approvals')
@Controller('v1/projects/:project/approvals')
export class ApprovalsController {
  constructor(
    private readonly approvals: ReadApprovals,
    private readonly decisions: DecideRequest,
    private readonly answers: AnswerChanges,
  ) {}

  @Get()
  @Can('read', 'ApprovalRequest', { refined: true })
  @ApiOperation({ summary: 'Approval requests, newest first' })
  list(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodQuery(Page) page: z.output<typeof Page>,
  ) {
    return this.approvals.list(caller, {
      project,
      limit: page.limit,
      state: page.state ?? null,
      after: page.after ?? null,
    });
  }

  @Get(':id')
  @Can('read', 'ApprovalRequest', { refined: true })
  @ApiOperation({ summary: 'A request with figures, gates, decisions, and who may not approve and why' })
  get(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    return this.approvals.show(caller, project, id);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Can('approve', 'ApprovalRequest', { refined: true })
  @ApiOperation({ summary: 'Approves; grants the request once enough people have' })
  approve(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Approve) body: z.output<typeof Approve>,
  ) {
    const act = {
      kind: 'approve' as const,
      gate: null,
      reason: body?.reason ?? null,
      digest: body?.digest ?? null,
    };
    return this.decide(caller, project, id, act);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Can('approve', 'ApprovalRequest', { refined: true })
  @ApiOperation({ summary: 'Rejects, with a reason; the request is closed' })
  reject(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Reject) { reason }: z.output<typeof Reject>,
  ) {
    return this.decide(caller, project, id, { kind: 'reject', gate: null, reason, digest: null });
  }

  @Post(':id/waive')
  @HttpCode(200)
  @Can('waive', 'ApprovalRequest', { refined: true })
  @ApiOperation({ summary: 'Waives a gate that failed, with a reason' })
  waive(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Waive) { gate, reason }: z.output<typeof Waive>,
  ) {
    return this.decide(caller, project, id, { kind: 'waive', gate, reason, digest: null });
  }

  @Post(':id/request-changes')
  @HttpCode(200)
  @Can('approve', 'ApprovalRequest', { refined: true })
  @ApiOperation({ summary: 'Asks for changes, with a reason; the request waits until whoever asked answers' })
  requestChanges(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Reject) { reason }: z.output<typeof Reject>,
  ) {
    return this.decide(caller, project, id, { kind: 'request_changes', gate: null, reason, digest: null });
  }

  @Post(':id/answer')
  @HttpCode(200)
  @Can('update', 'ApprovalRequest')
  @ApiOperation({ summary: 'Answers requested changes: a new round begins, in which you cannot approve' })
  async answer(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Reject) { reason }: z.output<typeof Reject>,
  ) {
    await this.answers.answer(caller, project, id, reason);
    return this.approvals.get(project, id);
  }

  private async decide(
    caller: Caller,
    project: string,
    id: string,
    act: Parameters<DecideRequest['decide']>[3],
  ) {
    await this.decisions.decide(caller, project, id, act);
    return this.approvals.get(project, id);
  }
}
