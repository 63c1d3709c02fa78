import { Controller, Get, Param, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodBody, ZodParams, ZodQuery } from '@steward/service';
import type { Request } from 'express';
import { z } from 'zod';
import { DiscussRequest } from './discuss-request';

const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 hexadecimal digits');
const Title = z.string().trim().min(1).max(200);
const Remark = z.strictObject({ text: z.string().trim().min(1).max(4_000) });
const Attachment = z.strictObject({ digest: Digest, title: Title });
const Upload = z.object({ title: Title });
const EvidencePath = z.object({ project: z.string(), id: z.string(), digest: Digest });

/** Remarks and evidence of approval requests. */
@ApiTags('Approvals')
@Controller('v1/projects/:project/approvals/:id')
export class ApprovalDiscussionController {
  constructor(private readonly discussion: DiscussRequest) {}

  @Post('comments')
  @Can('comment', 'ApprovalRequest')
  @ApiOperation({ summary: 'Adds a remark; it decides nothing' })
  comment(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Remark) { text }: z.output<typeof Remark>,
  ) {
    return this.discussion.comment(caller, project, id, text);
  }

  @Post('evidence')
  @Can('comment', 'ApprovalRequest')
  @ApiOperation({ summary: 'Attaches what the artifact store holds already, by its digest' })
  attach(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Attachment) { digest, title }: z.output<typeof Attachment>,
  ) {
    return this.discussion.attach(caller, project, id, digest, title);
  }

  @Post('evidence-files')
  @Can('comment', 'ApprovalRequest')
  @ApiOperation({ summary: 'Stores the body (application/octet-stream, 32 MiB at most) and attaches it' })
  upload(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodQuery(Upload) { title }: z.output<typeof Upload>,
    @Req() request: Request,
  ) {
    if (!request.is('application/octet-stream'))
      throw errors.invalid(
        'GOVERNANCE.NOT_A_FILE',
        'Send the file as the body, with content-type application/octet-stream.',
      );
    return this.discussion.upload(caller, project, id, request, title);
  }

  @Get('evidence/:digest')
  @Can('read', 'ApprovalRequest')
  @ApiOperation({ summary: 'The bytes of an attached file, as a download' })
  async evidence(@ZodParams(EvidencePath) { project, id, digest }: z.output<typeof EvidencePath>) {
    const bytes = await this.discussion.read(project, id, digest);
    return new StreamableFile(bytes, {
      type: 'application/octet-stream',
      disposition: `attachment; filename="${digest}"`,
      length: bytes.length,
    });
  }
}
