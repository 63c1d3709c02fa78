import { Controller, Get, Param, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, Can, FromCaller, type Caller } from '@steward/access';
import { errors, isName } from '@steward/kernel';
import { ZodBody, ZodParams, ZodQuery } from '@steward/service';
import type { Response } from 'express';
import { z } from 'zod';
import { IssueReport } from './issue-report';
import { ABOUT_PEOPLE, ReportFormats, type IssuedReport, type ReportFormat } from './issued-report';
import { ReadReports } from './read-reports';
import { ReportKinds, type ReportKind } from './report';

const Name = z.string().refine(isName, 'a name: lower-case letters, digits and hyphens');
const kinds = Object.keys(ReportKinds) as [ReportKind, ...ReportKind[]];
const formats = Object.keys(ReportFormats) as [ReportFormat, ...ReportFormat[]];
const THE_BEGINNING = '1970-01-01T00:00:00.000Z';

const Order = z.strictObject({
  kind: z.enum(kinds),
  project: Name.nullable().default(null),
  model: Name.nullable().default(null),
  dataset: Name.nullable().default(null),
  /** Default: from the beginning until now. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
const Page = z.object({
  project: Name.optional(),
  kind: z.enum(kinds).optional(),
  after: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const File = z.object({ id: z.string().min(1).max(100), format: z.enum(formats) });
const Shown = z.object({ as: z.enum(['download', 'page']).default('download') });
/**
 * A report that is looked at in a page of this origin is still a file from elsewhere: it runs nothing, loads nothing,
 * sends no form, has no origin, and only this origin may frame it.
 */
const PAGE_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

const answer = ({ scope, manifest: _manifest, ...report }: IssuedReport) => ({
  ...report,
  title: ReportKinds[report.kind].title,
  ...scope,
});

/** Reports for auditors: model cards, technical documentation, reviews. */
@ApiTags('Reports')
@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly issuing: IssueReport,
    private readonly reading: ReadReports,
    private readonly access: Access,
  ) {}

  @Post()
  @Can('create', 'Report', { anyProject: true })
  @ApiOperation({
    summary: 'Makes a report from evidence as HTML, PDF, JSON and CSV, signed and entered into the audit log',
  })
  async issue(@FromCaller() caller: Caller, @ZodBody(Order) order: z.output<typeof Order>) {
    const { kind, project, model, dataset } = order;
    this.access.require(caller, 'create', 'Report', { project });
    if (ABOUT_PEOPLE.includes(kind) && !this.access.can(caller.principal, 'read', 'User', { project }))
      throw errors.forbidden(
        'GOVERNANCE.REPORT_ABOUT_PEOPLE',
        'This report shows accounts and what their holders did: only who may read accounts can have it made.',
      );
    const period = {
      from: new Date(order.from ?? THE_BEGINNING).toISOString(),
      to: (order.to ? new Date(order.to) : new Date()).toISOString(),
    };
    return answer(await this.issuing.issue(caller, { kind, scope: { project, model, dataset }, period }));
  }

  @Get()
  @Can('read', 'Report', { anyProject: true })
  @ApiOperation({
    summary: 'Reports that were issued, newest first; of one project, or of all that the caller may read',
  })
  async list(
    @FromCaller() caller: Caller,
    @ZodQuery(Page) { after, project, kind, limit }: z.output<typeof Page>,
  ) {
    const { items, next } = await this.reading.list(caller, { project, kind, after: after ?? null, limit });
    return { items: items.map(answer), next };
  }

  @Get(':id')
  @Can('read', 'Report', { anyProject: true })
  @ApiOperation({ summary: 'One report: what it is about and the digests of its files' })
  async get(@FromCaller() caller: Caller, @Param('id') id: string) {
    return answer(await this.reading.require(caller, id));
  }

  @Get(':id/proof')
  @Can('read', 'Report', { anyProject: true })
  @ApiOperation({
    summary:
      'What proves the report’s files offline: the signed list of digests and its place in the audit log',
  })
  proof(@FromCaller() caller: Caller, @Param('id') id: string) {
    return this.reading.proof(caller, id);
  }

  @Get(':id/files/:format')
  @Can('read', 'Report', { anyProject: true })
  @ApiProduces(...Object.values(ReportFormats))
  @ApiOperation({
    summary: 'A file of the report: html, pdf, json or csv; `as=page` shows the HTML in a frame',
  })
  async file(
    @FromCaller() caller: Caller,
    @ZodParams(File) { id, format }: z.output<typeof File>,
    @ZodQuery(Shown) { as }: z.output<typeof Shown>,
    @Res({ passthrough: true }) response: Response,
  ) {
    if (as === 'page' && format !== 'html')
      throw errors.invalid('GOVERNANCE.REPORT_NO_PAGE', 'Only the HTML of a report is shown as a page.');
    const content = await this.reading.file(caller, id, format);
    if (as === 'page') {
      response.setHeader('content-security-policy', PAGE_POLICY);
      response.removeHeader('x-frame-options');
    }
    return new StreamableFile(content, {
      type: ReportFormats[format],
      disposition: as === 'page' ? 'inline' : `attachment; filename="steward-report-${id}.${format}"`,
    });
  }
}
