import { Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { Clock, isName } from '@steward/kernel';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { LiftHold } from './lift-hold';
import { PlaceHold } from './place-hold';
import { PutRetentionPolicy } from './put-retention-policy';
import { ReadRetention } from './read-retention';
import { EnforcedClasses, RetentionPolicy } from './retention-policy';
import { RetentionPolicyRepository } from './retention.repository';

const Reason = z.string().trim().min(3).max(4_000);
const Hold = z.strictObject({
  dataset: z.string().refine(isName, 'a name').nullable().default(null),
  class: z.enum(EnforcedClasses).nullable().default(null),
  reason: Reason,
  until: z.iso.datetime({ offset: true }).nullable().default(null),
});
const Holds = z.object({ all: z.enum(['true', 'false']).default('false') });
const Lift = z.strictObject({ reason: Reason });

/** How long data are kept, and legal holds (GDPR 5(1)(e)). */
@ApiTags('Retention')
@Controller('v1/projects/:project/retention')
export class RetentionController {
  constructor(
    private readonly policies: RetentionPolicyRepository,
    private readonly reading: ReadRetention,
    private readonly putting: PutRetentionPolicy,
    private readonly placing: PlaceHold,
    private readonly lifting: LiftHold,
    private readonly clock: Clock,
  ) {}

  @Get('policy')
  @Can('read', 'Retention')
  @ApiOperation({ summary: 'Rules beside what the purposes say, and what is deleted without asking' })
  policy(@Param('project') project: string) {
    return this.policies.policy(project);
  }

  @Put('policy')
  @Can('update', 'Retention')
  @ApiOperation({ summary: 'Sets them, whole' })
  putPolicy(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(RetentionPolicy) policy: z.output<typeof RetentionPolicy>,
  ) {
    return this.putting.execute(caller, project, policy);
  }

  @Get('schedule')
  @Can('read', 'Retention')
  @ApiOperation({ summary: 'How long everything is kept: the strictest of purposes and policy, and why' })
  async schedule(@Param('project') project: string) {
    return { items: await this.reading.schedule(project), next: null };
  }

  @Get('holds')
  @Can('read', 'Retention')
  @ApiOperation({ summary: 'Legal holds in force; with all=true those that are over as well' })
  async holds(@Param('project') project: string, @ZodQuery(Holds) { all }: z.output<typeof Holds>) {
    return {
      items: await this.policies.holds(project, all === 'true' ? null : this.clock.iso()),
      next: null,
    };
  }

  @Post('holds')
  @Can('update', 'Retention')
  @ApiOperation({ summary: 'Places a legal hold: what it covers is not deleted by age' })
  place(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(Hold) hold: z.output<typeof Hold>,
  ) {
    return this.placing.execute(caller, project, hold);
  }

  @Post('holds/:id/lift')
  @HttpCode(204)
  @Can('update', 'Retention')
  @ApiOperation({ summary: 'Lifts a legal hold, with the reason' })
  lift(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Lift) { reason }: z.output<typeof Lift>,
  ) {
    return this.lifting.execute(caller, project, id, reason);
  }
}
