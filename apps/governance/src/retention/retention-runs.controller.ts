import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { CancelRetentionRun } from './cancel-retention-run';
import { ConfirmRetentionRun } from './confirm-retention-run';
import { OpenRetentionRun } from './open-retention-run';
import { ReadRetention } from './read-retention';
import { EnforcedClasses } from './retention-policy';
import { RetentionRunRepository } from './retention.repository';

const Open = z
  .strictObject({ classes: z.array(z.enum(EnforcedClasses)).min(1).max(EnforcedClasses.length).optional() })
  .nullish();
const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});

/** Runs that delete what has outlived its time: counted, confirmed by a second person or by policy, deleted. */
@ApiTags('Retention')
@Controller('v1/projects/:project/retention/runs')
export class RetentionRunsController {
  constructor(
    private readonly runs: RetentionRunRepository,
    private readonly reading: ReadRetention,
    private readonly opening: OpenRetentionRun,
    private readonly confirming: ConfirmRetentionRun,
    private readonly cancelling: CancelRetentionRun,
  ) {}

  @Post()
  @HttpCode(202)
  @Can('create', 'Retention')
  @ApiOperation({ summary: 'Opens a run: every service counts what would go; nothing is deleted' })
  open(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(Open) body: z.output<typeof Open>,
  ) {
    const classes = body?.classes ?? EnforcedClasses;
    return this.opening.execute(caller, project, { classes, unattended: false });
  }

  @Get()
  @Can('read', 'Retention')
  @ApiOperation({ summary: 'Runs, newest first' })
  async list(@Param('project') project: string, @ZodQuery(Page) { limit, after }: z.output<typeof Page>) {
    const items = await this.runs.list(project, { limit, after: after ?? null });
    return { items, next: items.length === limit ? items.at(-1)!.id : null };
  }

  @Get(':id')
  @Can('read', 'Retention')
  @ApiOperation({ summary: 'A run: what would go, by service and store; who has answered' })
  get(@Param('project') project: string, @Param('id') id: string) {
    return this.reading.run(project, id);
  }

  @Post(':id/confirm')
  @HttpCode(202)
  @Can('sign', 'Retention')
  @ApiOperation({ summary: 'Lets it delete what was counted: another person than who opened it' })
  async confirm(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    await this.confirming.execute(caller, project, id);
    return this.reading.run(project, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Can('create', 'Retention')
  @ApiOperation({ summary: 'Ends a run that has deleted nothing yet' })
  async cancel(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    await this.cancelling.execute(caller, project, id);
    return this.reading.run(project, id);
  }

  @Get(':id/evidence')
  @Can('read', 'Retention')
  @ApiOperation({
    summary: 'The signed evidence of what was deleted; verify it with the audit log’s public key',
  })
  evidence(@Param('project') project: string, @Param('id') id: string) {
    return this.reading.evidence(project, id);
  }
}
