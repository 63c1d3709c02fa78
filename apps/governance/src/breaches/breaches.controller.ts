import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { isName } from '@steward/kernel';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { EndBreach } from './end-breach';
import { OpenBreach } from './open-breach';
import { ReadBreaches } from './read-breaches';

const Text = z.string().trim().min(10).max(8_000);
const Ids = z.array(z.string().min(1).max(200)).max(100).default([]);
const Report = z.strictObject({
  summary: Text,
  awareAt: z.iso.datetime(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  principals: Ids,
  keys: Ids,
  dataset: z.string().refine(isName, 'a name').nullable().default(null),
});
const End = z.strictObject({ outcome: z.enum(['notified', 'not_notifiable']), reason: Text });
const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});

/** Breaches of personal data (GDPR Art. 33, 34). */
@ApiTags('Breaches')
@Controller('v1/projects/:project/breaches')
export class BreachesController {
  constructor(
    private readonly reading: ReadBreaches,
    private readonly opening: OpenBreach,
    private readonly ending: EndBreach,
  ) {}

  @Post()
  @Can('create', 'Breach')
  @ApiOperation({ summary: 'Opens a breach by time range, accounts, API keys and dataset; the clock runs' })
  open(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(Report) report: z.output<typeof Report>,
  ) {
    return this.opening.open(caller, project, report);
  }

  @Get()
  @Can('read', 'Breach')
  @ApiOperation({ summary: 'Breaches, newest first, with the hours that are left' })
  async list(@Param('project') project: string, @ZodQuery(Page) { limit, after }: z.output<typeof Page>) {
    const items = await this.reading.list(project, limit, after ?? null);
    return { items, next: items.length === limit ? items.at(-1)!.id : null };
  }

  @Get(':id')
  @Can('read', 'Breach')
  @ApiOperation({ summary: 'One breach: what may be exposed, and what the accounts did in that time' })
  get(@Param('project') project: string, @Param('id') id: string) {
    return this.reading.get(project, id);
  }

  @Get(':id/subjects')
  @Can('read', 'Breach')
  @ApiOperation({ summary: 'Pseudonyms of all subjects who may be concerned' })
  async subjects(@Param('project') project: string, @Param('id') id: string) {
    return { items: await this.reading.subjects(project, id), next: null };
  }

  @Get(':id/notification')
  @Can('read', 'Breach')
  @ApiOperation({ summary: 'Drafts of the notifications to the authority and to the subjects' })
  notification(@Param('project') project: string, @Param('id') id: string) {
    return this.reading.draft(project, id);
  }

  @Post(':id/end')
  @HttpCode(204)
  @Can('update', 'Breach')
  @ApiOperation({ summary: 'Ends it: the authority was notified, or need not be, with the reason' })
  end(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(End) { outcome, reason }: z.output<typeof End>,
  ) {
    return this.ending.end(caller, project, id, outcome, reason);
  }
}
