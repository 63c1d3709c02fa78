import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Actions, Can, FromCaller, SignedIn, Subjects, type Caller } from '@steward/access';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { Rules } from '../roles/role-input';
import { ExplainAccess } from './explain-access';

const Name = z.string().min(1).max(200);
const Binding = z.strictObject({ role: z.string().min(1).max(63), project: Name.nullable().default(null) });
const Question = z.strictObject({
  /** Id or name of a person or machine; absent: oneself. */
  principal: Name.optional(),
  action: z.enum(Actions),
  subject: z.enum(Subjects),
  /** What is known of the object. A field that is not said is unknown, which counts against the caller. */
  object: z.record(Name, z.union([Name, z.array(Name).max(100), z.null()])).default({}),
  /** A change that is only tried: roles with other rules, and other bindings of this person. Nothing is stored. */
  proposed: z
    .strictObject({
      roles: z.record(Name, z.strictObject({ rules: Rules })).optional(),
      bindings: z.array(Binding).max(500).optional(),
    })
    .default({}),
});
const Preview = z.strictObject({
  role: z.string().min(1).max(63),
  rules: Rules,
  /** What the role may do to objects of this project; null: to what belongs to none. */
  project: Name.nullable().default(null),
});
const MatrixQuery = z.object({ project: Name.optional() });

/** Why somebody may or may not, before and after a change. */
@ApiTags('Decisions')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    private readonly explainAccess: ExplainAccess,
    private readonly access: Access,
  ) {}

  @Post('explain')
  @HttpCode(200)
  @SignedIn(
    'Everybody may ask why he himself may not; asking for others needs the right to read roles and users.',
  )
  @ApiOperation({ summary: 'Whether somebody may do something, by which rule, or for which condition not' })
  explain(@FromCaller() caller: Caller, @ZodBody(Question) question: z.output<typeof Question>) {
    const own = question.principal === undefined || question.principal === caller.principal.id;
    const { roles, bindings } = question.proposed;
    if (!own || roles || bindings) {
      this.access.require(caller, 'read', 'Role', { project: null });
      this.access.require(caller, 'read', 'User', { project: null });
    }
    return this.explainAccess.explain({ ...question, principal: question.principal ?? caller.principal.id });
  }

  @Get('matrix')
  @Can('read', 'Role', { project: null })
  @ApiOperation({ summary: 'Every role by action and subject, in one project or (without one) in none' })
  matrix(@ZodQuery(MatrixQuery) { project }: z.output<typeof MatrixQuery>) {
    return this.explainAccess.matrix(project ?? null);
  }

  @Post('preview')
  @HttpCode(200)
  @Can('read', 'Role', { project: null })
  @ApiOperation({
    summary:
      'What a role with these rules would let its holders do, or what is wrong with them; stores nothing',
  })
  preview(@ZodBody(Preview) { role, rules, project }: z.output<typeof Preview>) {
    return this.explainAccess.preview(role, rules, project);
  }
}
