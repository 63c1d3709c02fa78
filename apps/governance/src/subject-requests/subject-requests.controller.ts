import { Controller, Get, Header, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { RefusalGrounds, SubjectRequestKinds, SubjectRequestStates } from '@steward/contracts';
import { isPseudonym } from '@steward/kernel';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { AssignSubjectRequest } from './assign-subject-request';
import { EndSubjectRequest } from './end-subject-request';
import { ExtendSubjectRequest } from './extend-subject-request';
import { HandOut } from './hand-out';
import { LiftSubjectTerm } from './lift-subject-term';
import { NoteSubjectRequest } from './note-subject-request';
import { OpenSubjectRequest } from './open-subject-request';
import { ReadSubjectRequests } from './read-subject-requests';
import { RunSubjectRequest } from './run-subject-request';
import { MOST_FURTHER_MONTHS } from './subject-request';

/** What is no pseudonym may be a name: the message does not repeat it. */
const Pseudonym = z
  .string()
  .refine(isPseudonym, 'must be a pseudonym (sub_ and 32 hexadecimal digits), as ingestion gives it');
const Text = z.string().trim().min(3).max(4_000);
const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 hexadecimal digits');

const Open = z.strictObject({
  pseudonym: Pseudonym,
  kind: z.enum(SubjectRequestKinds),
  receivedAt: z.iso.datetime({ offset: true }).optional(),
});
const List = z.object({
  state: z.enum(SubjectRequestStates).optional(),
  kind: z.enum(SubjectRequestKinds).optional(),
  pseudonym: Pseudonym.optional(),
  overdue: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});
const Assign = z.strictObject({ person: z.string().min(1).max(200) });
const Note = z
  .strictObject({
    kind: z.enum(['identity', 'evidence']),
    text: Text.optional(),
    digest: Digest.optional(),
  })
  .refine(({ text, digest }) => text !== undefined || digest !== undefined, 'needs a text or a digest');
const Extend = z.strictObject({ months: z.number().int().min(1).max(MOST_FURTHER_MONTHS), reason: Text });
const Refuse = z.strictObject({ ground: z.enum(RefusalGrounds), reason: Text });
const Withdraw = z.strictObject({ reason: Text.optional() }).nullish();

@ApiTags('Data subjects')
@Controller('v1/projects/:project/subject-requests')
export class SubjectRequestsController {
  constructor(
    private readonly opening: OpenSubjectRequest,
    private readonly assigning: AssignSubjectRequest,
    private readonly noting: NoteSubjectRequest,
    private readonly extending: ExtendSubjectRequest,
    private readonly ending: EndSubjectRequest,
    private readonly running: RunSubjectRequest,
    private readonly reading: ReadSubjectRequests,
    private readonly handing: HandOut,
  ) {}

  @Post()
  @Can('create', 'SubjectRequest')
  @ApiOperation({ summary: 'Opens a request; the clock of one month runs from when it was received' })
  open(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(Open) { pseudonym, kind, receivedAt }: z.output<typeof Open>,
  ) {
    return this.opening.execute(caller, project, { pseudonym, kind, receivedAt: receivedAt ?? null });
  }

  @Get()
  @Can('read', 'SubjectRequest')
  @ApiOperation({ summary: 'Requests of data subjects, newest first' })
  list(@Param('project') project: string, @ZodQuery(List) query: z.output<typeof List>) {
    return this.reading.list({
      project,
      state: query.state ?? null,
      kind: query.kind ?? null,
      pseudonym: query.pseudonym ?? null,
      overdue: query.overdue === 'true',
      limit: query.limit,
      after: query.after ?? null,
    });
  }

  @Get(':id')
  @Can('read', 'SubjectRequest')
  @ApiOperation({ summary: 'A request with its evidence, and which services have answered' })
  get(@Param('project') project: string, @Param('id') id: string) {
    return this.reading.get(project, id);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Can('update', 'SubjectRequest')
  @ApiOperation({ summary: 'Names the person who answers for it' })
  async assign(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Assign) { person }: z.output<typeof Assign>,
  ) {
    await this.assigning.execute(caller, project, id, person);
    return this.reading.get(project, id);
  }

  @Post(':id/evidence')
  @HttpCode(200)
  @Can('update', 'SubjectRequest')
  @ApiOperation({ summary: 'Adds evidence; of kind identity: how it was established who asks' })
  async note(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Note) { kind, text, digest }: z.output<typeof Note>,
  ) {
    await this.noting.execute(caller, project, id, { kind, text: text ?? null, digest: digest ?? null });
    return this.reading.get(project, id);
  }

  @Post(':id/extend')
  @HttpCode(200)
  @Can('update', 'SubjectRequest')
  @ApiOperation({
    summary: 'Extends the time by one or two months, once, with the reason that the subject is told',
  })
  async extend(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Extend) extension: z.output<typeof Extend>,
  ) {
    await this.extending.execute(caller, project, id, extension);
    return this.reading.get(project, id);
  }

  @Post(':id/run')
  @HttpCode(202)
  @Can('run', 'SubjectRequest')
  @ApiOperation({
    summary: 'Carries it out: erases, gathers, restricts; what it came to stands in the request',
  })
  async run(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    await this.running.execute(caller, project, id);
    return this.reading.get(project, id);
  }

  @Post(':id/refuse')
  @HttpCode(200)
  @Can('update', 'SubjectRequest')
  @ApiOperation({ summary: 'Refuses it on a ground, with the reason that the subject is told' })
  async refuse(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Refuse) { ground, reason }: z.output<typeof Refuse>,
  ) {
    await this.ending.execute(caller, project, id, { state: 'refused', ground, reason });
    return this.reading.get(project, id);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Can('update', 'SubjectRequest')
  @ApiOperation({ summary: 'Ends it because the subject withdrew it' })
  async withdraw(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Withdraw) body: z.output<typeof Withdraw>,
  ) {
    await this.ending.execute(caller, project, id, {
      state: 'withdrawn',
      ground: null,
      reason: body?.reason ?? null,
    });
    return this.reading.get(project, id);
  }

  @Get(':id/certificate')
  @Can('read', 'SubjectRequest')
  @ApiOperation({
    summary: 'The signed certificate of an erasure; verify it with the audit log’s public key',
  })
  certificate(@Param('project') project: string, @Param('id') id: string) {
    return this.handing.certificate(project, id);
  }

  @Get(':id/archive')
  @Header('cache-control', 'no-store')
  @Can('export', 'SubjectRequest')
  @ApiProduces('application/zip')
  @ApiOperation({ summary: 'What was gathered: JSON, CSV and a readable report; each download is audited' })
  async archive(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    const bytes = await this.handing.archive(caller, project, id);
    return new StreamableFile(bytes, {
      type: 'application/zip',
      disposition: `attachment; filename="subject-data-${id.slice(-12)}.zip"`,
      length: bytes.length,
    });
  }
}

const Terms = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().min(1).max(200).optional(),
});
const Lift = z.strictObject({ because: z.enum(['restriction', 'objection']) });

@ApiTags('Data subjects')
@Controller('v1/projects/:project/subject-terms')
export class SubjectTermsController {
  constructor(
    private readonly reading: ReadSubjectRequests,
    private readonly lifting: LiftSubjectTerm,
  ) {}

  @Get()
  @Can('read', 'SubjectRequest')
  @ApiOperation({ summary: 'Subjects whose data are restricted, who objected or withdrew a consent' })
  list(@Param('project') project: string, @ZodQuery(Terms) { limit, after }: z.output<typeof Terms>) {
    return this.reading.listTerms(project, { limit, after: after ?? null });
  }

  @Post(':pseudonym/lift')
  @HttpCode(200)
  @Can('update', 'SubjectRequest')
  @ApiOperation({ summary: 'Lifts a restriction or an objection' })
  async lift(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('pseudonym') pseudonym: string,
    @ZodBody(Lift) { because }: z.output<typeof Lift>,
  ) {
    await this.lifting.execute(caller, project, pseudonym, because);
    return { lifted: because };
  }
}
