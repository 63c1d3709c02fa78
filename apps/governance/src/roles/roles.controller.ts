import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Actions,
  Can,
  ConditionOperators,
  conditionVocabulary,
  FromCaller,
  SELF,
  Subjects,
  type Caller,
} from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodBody } from '@steward/service';
import { z } from 'zod';
import { ChangeRole } from './change-role';
import { ReadRoles } from './read-roles';
import { roleNotFound, type Role } from './role';
import { Rules } from './role-input';

const RoleBody = z.strictObject({
  description: z.string().max(500).optional(),
  rules: Rules.optional(),
  /** Whether people need a second factor to log in while they hold the role. */
  requiresTotp: z.boolean().optional(),
});

@ApiTags('Roles')
@Controller('v1/roles')
export class RolesController {
  constructor(
    private readonly roles: ReadRoles,
    private readonly change: ChangeRole,
  ) {}

  @Get()
  @Can('read', 'Role', { project: null })
  @ApiOperation({ summary: 'All roles: built-in ones, and the installation’s own' })
  async list() {
    return { items: await this.roles.list(), next: null };
  }

  @Get('vocabulary')
  @Can('read', 'Role', { project: null })
  @ApiOperation({ summary: 'What rules may name: actions, subjects, the fields of each, operators' })
  vocabulary() {
    return {
      actions: Actions,
      subjects: Subjects,
      conditionFields: conditionVocabulary(),
      operators: ConditionOperators,
      self: SELF,
    };
  }

  @Get(':role')
  @Can('read', 'Role', { project: null })
  @ApiOperation({ summary: 'A role with its rules' })
  async get(@Param('role') role: string): Promise<Role> {
    const found = await this.roles.find(role);
    if (!found) throw roleNotFound(role);
    return found;
  }

  @Put(':role')
  @Can('update', 'Role', { project: null })
  @ApiOperation({ summary: 'Makes or changes a role; the same again is no new version' })
  async put(
    @FromCaller() caller: Caller,
    @Param('role') role: string,
    @ZodBody(RoleBody) { description = '', rules, requiresTotp }: z.output<typeof RoleBody>,
  ): Promise<Role> {
    if (rules === undefined && requiresTotp === undefined)
      throw errors.invalid('GOVERNANCE.ROLE_INVALID', 'Say rules, requiresTotp or both.');
    await this.change.put(caller, role, rules ? { description, rules } : null, requiresTotp);
    return this.get(role);
  }

  @Delete(':role')
  @HttpCode(204)
  @Can('delete', 'Role', { project: null })
  @ApiOperation({ summary: 'Deletes a role that nobody holds' })
  delete(@FromCaller() caller: Caller, @Param('role') role: string): Promise<void> {
    return this.change.delete(caller, role);
  }
}
