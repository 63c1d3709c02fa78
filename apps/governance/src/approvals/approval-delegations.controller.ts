import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { IdentityRepository } from '../identity/identity.repository';
import { PeoplePage } from '../identity/users.controller';
import { DelegationRepository } from './approval.repository';
import { Reason } from './approvals.controller';
import { DelegateApproval } from './delegate-approval';

const Terms = z.strictObject({
  to: z.string().min(1).max(200),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  reason: Reason,
});

@ApiTags('Approvals')
@Controller('v1/projects/:project/approval-delegations')
export class ApprovalDelegationsController {
  constructor(
    private readonly delegations: DelegationRepository,
    private readonly identities: IdentityRepository,
    private readonly delegating: DelegateApproval,
  ) {}

  @Get()
  @Can('read', 'ApprovalRequest')
  @ApiOperation({ summary: 'Who lets whom approve in his place, and when; all that ever were' })
  async list(@Param('project') project: string) {
    return { items: await this.delegations.all(project), next: null };
  }

  @Get('delegates')
  @Can('delegate', 'ApprovalRequest')
  @ApiOperation({ summary: 'People to whom one may delegate, by name: those with a role here, but oneself' })
  async delegates(
    @FromCaller() { principal }: Caller,
    @Param('project') project: string,
    @ZodQuery(PeoplePage) { search, limit, after }: z.output<typeof PeoplePage>,
  ) {
    const people = await this.identities.people(project, { limit, after: after ?? null }, search);
    return {
      items: people.filter(({ id }) => id !== principal.id),
      next: people.length === limit ? people.at(-1)!.name : null,
    };
  }

  @Post()
  @Can('delegate', 'ApprovalRequest')
  @ApiOperation({
    summary: 'Lets another person approve in your place for a time, for requests that are opened from now on',
  })
  delegate(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(Terms) terms: z.output<typeof Terms>,
  ) {
    return this.delegating.delegate(caller, project, terms);
  }

  @Delete(':id')
  @HttpCode(204)
  @Can('delegate', 'ApprovalRequest')
  @ApiOperation({ summary: 'Takes a delegation of yours back; what was decided by it no longer counts' })
  revoke(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    return this.delegating.revoke(caller, project, id);
  }
}
