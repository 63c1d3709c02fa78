import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody } from '@steward/service';
import { z } from 'zod';
import { ApplyPolicy } from './apply-policy';
import { PolicyDocument } from './policy-document';

const Application = z.strictObject({
  document: PolicyDocument,
  /** Of the plan that was looked at; the application is refused if the policy has changed since. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

/** The policy as one document, kept in Git. Who gives roles needs the right to change users as well. */
@ApiTags('Roles')
@Controller('v1/policy')
export class PolicyController {
  constructor(
    private readonly policy: ApplyPolicy,
    private readonly access: Access,
  ) {}

  @Get()
  @Can('read', 'Role', { project: null })
  @ApiOperation({ summary: 'Own roles, second factors and bindings as one document' })
  async export(@FromCaller() caller: Caller): Promise<PolicyDocument> {
    this.access.require(caller, 'read', 'User', { project: null });
    return this.policy.export();
  }

  @Post('plan')
  @HttpCode(200)
  @Can('read', 'Role', { project: null })
  @ApiConsumes('application/yaml', 'application/json')
  @ApiOperation({ summary: 'The steps from what is to what a document (YAML or JSON) says; changes nothing' })
  async plan(@FromCaller() caller: Caller, @ZodBody(PolicyDocument) document: PolicyDocument) {
    this.access.require(caller, 'read', 'User', { project: null });
    return this.policy.plan(document);
  }

  @Post('apply')
  @HttpCode(200)
  @Can('update', 'Role', { project: null })
  @ApiConsumes('application/yaml', 'application/json')
  @ApiOperation({ summary: 'Takes the steps to a document, all or none; the same again changes nothing' })
  async apply(
    @FromCaller() caller: Caller,
    @ZodBody(Application) { document, digest }: z.output<typeof Application>,
  ) {
    this.access.require(caller, 'update', 'User', { project: null });
    const { steps } = await this.policy.apply(caller, document, digest ?? null);
    return { steps };
  }
}
