import { Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { isName } from '@steward/kernel';
import { ZodBody, ZodParams } from '@steward/service';
import { z } from 'zod';
import { GenerateAssessment } from './generate-assessment';
import { AssessmentBody, assessmentNotFound } from './impact-assessment';
import { ImpactAssessmentRepository } from './impact-assessment.repository';
import { SignAssessment } from './sign-assessment';
import { WriteAssessment } from './write-assessment';

const ModelPath = z.object({ project: z.string(), model: z.string().refine(isName, 'a name') });
const Signature = z.strictObject({ version: z.int().min(1) });

/** Data protection impact assessments (GDPR Art. 35). */
@ApiTags('Impact assessments')
@Controller('v1/projects/:project/impact-assessments')
export class ImpactAssessmentsController {
  constructor(
    private readonly assessments: ImpactAssessmentRepository,
    private readonly generating: GenerateAssessment,
    private readonly writing: WriteAssessment,
    private readonly signing: SignAssessment,
  ) {}

  @Get()
  @Can('read', 'ImpactAssessment')
  @ApiOperation({ summary: 'The newest version of each model’s assessment' })
  async list(@Param('project') project: string) {
    return { items: await this.assessments.newest(project), next: null };
  }

  @Get(':model')
  @Can('read', 'ImpactAssessment')
  @ApiOperation({ summary: 'Every version of a model’s assessment, newest first' })
  async get(@ZodParams(ModelPath) { project, model }: z.output<typeof ModelPath>) {
    const versions = await this.assessments.versions(project, model);
    if (versions.length === 0) throw assessmentNotFound(model);
    return { ...versions[0]!, versions };
  }

  @Get(':model/generated')
  @Can('read', 'ImpactAssessment')
  @ApiOperation({ summary: 'What the platform fills in by itself, as of now' })
  generated(@ZodParams(ModelPath) { project, model }: z.output<typeof ModelPath>) {
    return this.generating.generate(project, model);
  }

  @Put(':model')
  @Can('update', 'ImpactAssessment')
  @ApiOperation({ summary: 'Writes a new version; the generated part is filled in as of now' })
  write(
    @FromCaller() caller: Caller,
    @ZodParams(ModelPath) { project, model }: z.output<typeof ModelPath>,
    @ZodBody(AssessmentBody) body: z.output<typeof AssessmentBody>,
  ) {
    return this.writing.write(caller, project, model, body);
  }

  @Post(':model/sign')
  @HttpCode(204)
  @Can('sign', 'ImpactAssessment')
  @ApiOperation({ summary: 'Signs the newest version; who wrote it cannot' })
  sign(
    @FromCaller() caller: Caller,
    @ZodParams(ModelPath) { project, model }: z.output<typeof ModelPath>,
    @ZodBody(Signature) { version }: z.output<typeof Signature>,
  ) {
    return this.signing.sign(caller, project, model, version);
  }
}
