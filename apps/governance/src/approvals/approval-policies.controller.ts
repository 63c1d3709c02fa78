import { Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { BuiltInRoles, Can, FromCaller, type Caller } from '@steward/access';
import { errors, isName } from '@steward/kernel';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { ApprovalPolicyRepository } from './approval.repository';
import { ANY_ENVIRONMENT, DEFAULT_POLICY } from './approval-policy';
import { PutPolicy } from './put-policy';

const { approvers, gates } = DEFAULT_POLICY;
const roles = Object.entries(BuiltInRoles)
  .filter(([, rules]) => rules.some(({ action }) => (action as readonly string[]).includes('approve')))
  .map(([role]) => role);
const Bound = z.number().min(0).max(1).nullable();
/** Roles that have no right to approve cannot be named: nobody could ever decide. */
const PolicyBody = z.strictObject({
  approvers: z.int().min(1).max(20).default(approvers),
  roles: z
    .array(z.enum(roles))
    .min(1)
    .max(20)
    .default([...DEFAULT_POLICY.roles]),
  gates: z
    .strictObject({
      minimumAuc: Bound.default(gates.minimumAuc),
      minimumDemographicParityRatio: Bound.default(gates.minimumDemographicParityRatio),
      noSensitiveInputs: z.boolean().default(gates.noSensitiveInputs),
    })
    .default(gates),
  expiresAfterHours: z.int().min(1).max(8_760).nullable().default(DEFAULT_POLICY.expiresAfterHours),
  delegation: z.boolean().default(DEFAULT_POLICY.delegation),
});
const Where = z.object({
  environment: z
    .string()
    .refine((name) => name === ANY_ENVIRONMENT || isName(name), 'a name, or * for any environment')
    .default(ANY_ENVIRONMENT),
});

@ApiTags('Approval policies')
@Controller('v1/projects/:project/approval-policies')
export class ApprovalPoliciesController {
  constructor(
    private readonly policies: ApprovalPolicyRepository,
    private readonly putPolicy: PutPolicy,
  ) {}

  @Get()
  @Can('read', 'Policy')
  @ApiOperation({
    summary: 'Every policy that somebody set here, newest version; elsewhere the default holds',
  })
  async list(@Param('project') project: string) {
    return { items: await this.policies.all(project), next: null };
  }

  @Get(':alias')
  @Can('read', 'Policy')
  @ApiOperation({
    summary: 'The policy by which requests for an alias are decided; version 0 is the default',
  })
  get(
    @Param('project') project: string,
    @Param('alias') alias: string,
    @ZodQuery(Where) { environment }: z.output<typeof Where>,
  ) {
    return this.policies.current(project, named(alias), environment);
  }

  @Put(':alias')
  @Can('update', 'Policy')
  @ApiOperation({ summary: 'Sets the policy; it holds for requests that are opened from now on' })
  put(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('alias') alias: string,
    @ZodQuery(Where) { environment }: z.output<typeof Where>,
    @ZodBody(PolicyBody) policy: z.output<typeof PolicyBody>,
  ) {
    return this.putPolicy.put(caller, { project, alias: named(alias), environment }, policy);
  }
}

function named(alias: string): string {
  if (isName(alias)) return alias;
  throw errors.invalid(
    'GOVERNANCE.BAD_ALIAS',
    'An alias has lower-case letters, digits and hyphens, 63 at most.',
  );
}
