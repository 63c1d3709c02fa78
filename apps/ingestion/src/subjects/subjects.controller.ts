import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { isName } from '@steward/kernel';
import { ZodBody, ZodParams } from '@steward/service';
import { z } from 'zod';
import { ProjectRoute } from '../route-names';
import { FindSubject } from './find-subject';
import { MOST_IDENTIFIERS, ResolveSubjects } from './resolve-subjects';

const ResolveBody = z.strictObject({
  dataset: z.string().refine(isName, 'must be the name of a dataset'),
  identifiers: z.array(z.string().min(1).max(100_000)).min(1).max(MOST_IDENTIFIERS),
});

const FindBody = z.strictObject({
  dataset: z.string().refine(isName, 'must be the name of a dataset'),
  identifier: z.string().min(1).max(100_000),
});

@ApiTags('subjects')
@Controller('v1/projects/:project/subjects')
export class SubjectsController {
  constructor(
    private readonly resolveSubjects: ResolveSubjects,
    private readonly findSubject: FindSubject,
  ) {}

  /** In the body, because addresses are logged. */
  @Post('find')
  @HttpCode(200)
  @Can('resolve', 'DataSubject')
  async find(
    @FromCaller() caller: Caller,
    @ZodParams(ProjectRoute) { project }: z.output<typeof ProjectRoute>,
    @ZodBody(FindBody) { dataset, identifier }: z.output<typeof FindBody>,
  ) {
    return { pseudonym: await this.findSubject.execute(caller, project, dataset, identifier) };
  }

  @Post('resolve')
  @HttpCode(200)
  @Can('resolve', 'DataSubject')
  async resolve(
    @FromCaller() caller: Caller,
    @ZodParams(ProjectRoute) { project }: z.output<typeof ProjectRoute>,
    @ZodBody(ResolveBody) { dataset, identifiers }: z.output<typeof ResolveBody>,
  ) {
    return { pseudonyms: await this.resolveSubjects.execute(caller, project, dataset, identifiers) };
  }
}
