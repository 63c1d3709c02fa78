import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { isPseudonym } from '@steward/kernel';
import { ZodBody, ZodParams, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { ConsentRepository } from './consent.repository';
import { RecordConsents } from './record-consents';

/** What does not look like a pseudonym is refused without echoing it. */
const Pseudonym = z.string().refine(isPseudonym, 'a pseudonym (sub_ and 32 hexadecimal digits)');
const Body = z.strictObject({
  events: z
    .array(
      z.strictObject({
        pseudonym: Pseudonym,
        purpose: z.string().min(1).max(63),
        state: z.enum(['given', 'withdrawn']),
        textVersion: z.int().min(1).nullable().default(null),
        at: z.iso.datetime().nullable().default(null),
      }),
    )
    .min(1)
    .max(1_000),
});
const Page = z.object({
  subject: Pseudonym.optional(),
  purpose: z.string().min(1).max(63).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});
const SubjectPath = z.object({ project: z.string(), pseudonym: Pseudonym });

/** Consents of data subjects (GDPR Art. 7), by pseudonym. */
@ApiTags('Consents')
@Controller('v1/projects/:project/consents')
export class ConsentsController {
  constructor(
    private readonly consents: ConsentRepository,
    private readonly recording: RecordConsents,
  ) {}

  @Post()
  @Can('record', 'Consent')
  @ApiOperation({ summary: 'Records what subjects agreed to or took back: all of it or nothing' })
  async record(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(Body) { events }: z.output<typeof Body>,
  ) {
    return { recorded: await this.recording.record(caller, project, events) };
  }

  @Get()
  @Can('read', 'Consent')
  @ApiOperation({ summary: 'Events of consent, newest first' })
  async list(@Param('project') project: string, @ZodQuery(Page) page: z.output<typeof Page>) {
    const { limit } = page;
    const items = await this.consents.list({
      project,
      limit,
      pseudonym: page.subject ?? null,
      purpose: page.purpose ?? null,
      after: page.after ?? null,
    });
    return { items, next: items.length === limit ? items.at(-1)!.id : null };
  }

  @Get('subjects/:pseudonym')
  @Can('read', 'Consent')
  @ApiOperation({ summary: 'The last word of a subject on each purpose' })
  async standing(@ZodParams(SubjectPath) { project, pseudonym }: z.output<typeof SubjectPath>) {
    return { items: await this.consents.standing(project, pseudonym), next: null };
  }
}
