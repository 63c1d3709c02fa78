import { Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors, isName } from '@steward/kernel';
import { ZodBody, ZodParams } from '@steward/service';
import { z } from 'zod';
import { DecisionPolicy } from './held-decision';
import { HeldDecisionRepository } from './held-decision.repository';
import { PutDecisionPolicy } from './put-decision-policy';

const ModelPath = z.object({ project: z.string(), model: z.string().refine(isName, 'a name') });

@ApiTags('Held decisions')
@Controller('v1/projects/:project/decision-policies')
export class DecisionPoliciesController {
  constructor(
    private readonly decisions: HeldDecisionRepository,
    private readonly putting: PutDecisionPolicy,
  ) {}

  @Get(':model')
  @Can('read', 'ProcessingRecord')
  @ApiOperation({ summary: 'Which decisions of a model people make, in every version, newest first' })
  async get(@ZodParams(ModelPath) { project, model }: z.output<typeof ModelPath>) {
    const versions = await this.decisions.policies(project, model);
    if (versions.length === 0)
      throw errors.notFound('GOVERNANCE.DECISION_POLICY_NOT_FOUND', 'No decision of this model is held.');
    return { ...versions[0]!, versions };
  }

  @Put(':model')
  @Can('update', 'ProcessingRecord')
  @ApiOperation({ summary: 'Sets it; inference holds to it within a second' })
  put(
    @FromCaller() caller: Caller,
    @ZodParams(ModelPath) { project, model }: z.output<typeof ModelPath>,
    @ZodBody(DecisionPolicy) policy: z.output<typeof DecisionPolicy>,
  ) {
    return this.putting.put(caller, project, model, policy);
  }
}
