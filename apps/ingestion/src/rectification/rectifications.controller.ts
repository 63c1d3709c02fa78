import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { isName, isPseudonym } from '@steward/kernel';
import { ZodBody, ZodParams } from '@steward/service';
import { z } from 'zod';
import { RectifySubject } from './rectify-subject';

const Route = z.object({
  project: z.string().refine(isName, 'must be the name of a project'),
  pseudonym: z.string().refine(isPseudonym, 'must be a pseudonym'),
});
const Body = z.strictObject({
  /** The request of kind rectification, in governance. */
  request: z.uuid(),
  dataset: z.string().refine(isName, 'must be the name of a dataset'),
  corrections: z
    .array(z.strictObject({ column: z.string().min(1).max(200), value: z.string().max(100_000).nullable() }))
    .min(1)
    .max(500),
});

@ApiTags('subjects')
@Controller('v1/projects/:project/subjects/:pseudonym')
export class RectificationsController {
  constructor(private readonly rectify: RectifySubject) {}

  @Post('rectifications')
  @HttpCode(200)
  @Can('update', 'DataSubject')
  @ApiOperation({ summary: 'Corrects the subject’s rows of a dataset: its next version holds them' })
  async post(
    @FromCaller() caller: Caller,
    @ZodParams(Route) { project, pseudonym }: z.output<typeof Route>,
    @ZodBody(Body) { request, dataset, corrections }: z.output<typeof Body>,
  ) {
    const version = await this.rectify.execute(caller, project, {
      requestId: request,
      pseudonym,
      dataset,
      corrections,
    });
    return { dataset, version: version.version, digest: version.digest };
  }
}
