import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { accessNotFound, LONGEST_MINUTES } from './emergency-access';
import { EmergencyAccessRepository } from './emergency-access.repository';
import { EndEmergency } from './end-emergency';
import { OpenEmergency } from './open-emergency';
import { SignEmergency } from './sign-emergency';

const Reason = z.string().trim().min(10).max(2_000);
const Terms = z.strictObject({
  role: z.string().min(1).max(63),
  minutes: z.int().min(1).max(LONGEST_MINUTES).default(60),
  reason: Reason,
});
const Review = z.strictObject({ justified: z.boolean(), reason: Reason });
const Page = z.object({
  review: z.enum(['open', 'signed']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});

/** Emergency access ("break glass"). */
@ApiTags('Emergency access')
@Controller('v1/projects/:project/emergency-accesses')
export class EmergencyController {
  constructor(
    private readonly accesses: EmergencyAccessRepository,
    private readonly opening: OpenEmergency,
    private readonly ending: EndEmergency,
    private readonly signing: SignEmergency,
  ) {}

  @Post()
  @Can('create', 'EmergencyAccess')
  @ApiOperation({ summary: 'Takes a role in this project for a short time, at once; others are told' })
  open(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(Terms) terms: z.output<typeof Terms>,
  ) {
    return this.opening.open(caller, project, terms);
  }

  @Get()
  @Can('read', 'EmergencyAccess')
  @ApiOperation({ summary: 'Emergency accesses, newest first; `review=open`: what waits for a signature' })
  async list(@Param('project') project: string, @ZodQuery(Page) page: z.output<typeof Page>) {
    const { limit } = page;
    const items = await this.accesses.list({
      project,
      limit,
      review: page.review ?? null,
      after: page.after ?? null,
    });
    return { items, next: items.length === limit ? items.at(-1)!.id : null };
  }

  @Get('roles')
  @Can('create', 'EmergencyAccess')
  @ApiOperation({ summary: 'The roles that can be taken in an emergency, by name' })
  roles(@Param('project') _project: string) {
    return { items: this.opening.roles().map((role) => ({ role })), next: null };
  }

  @Get(':id')
  @Can('read', 'EmergencyAccess')
  @ApiOperation({ summary: 'One access, with what the person did in that time' })
  async get(@Param('project') project: string, @Param('id') id: string) {
    const access = await this.accesses.find(project, id);
    if (!access) throw accessNotFound(id);
    return { ...access, actions: await this.accesses.actionsOf(access) };
  }

  @Post(':id/end')
  @HttpCode(204)
  @Can('create', 'EmergencyAccess')
  @ApiOperation({ summary: 'Ends it before its time' })
  end(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    return this.ending.end(caller, project, id);
  }

  @Post(':id/sign')
  @HttpCode(204)
  @Can('sign', 'EmergencyAccess')
  @ApiOperation({ summary: 'Signs the review: somebody else says whether it was justified' })
  sign(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Review) { justified, reason }: z.output<typeof Review>,
  ) {
    return this.signing.sign(caller, project, id, justified, reason);
  }
}
