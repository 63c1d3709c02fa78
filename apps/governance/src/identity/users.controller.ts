import { Controller, Get, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { CreatePrincipal } from './create-principal';
import { IdentityRepository } from './identity.repository';
import { Password } from './log-in';
import { principalNotFound, type Identity } from './principal';
import { SetRoles } from './set-roles';
import { SetState } from './set-state';

export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});
/** People by name; `after` is the name of the last one seen. */
export const PeoplePage = Page.extend({
  /** What stands in the name. */
  search: z.string().trim().max(100).default(''),
});
/** With `project`: only who holds a role in it. */
const AccountPage = Page.extend({ project: z.string().min(1).max(63).optional() });
const Name = z.string().regex(/^[A-Za-z][A-Za-z0-9._@-]{0,99}$/, 'letters, digits and . _ @ -, at most 100');
const Roles = z
  .array(
    z.strictObject({
      role: z.string().min(1).max(63),
      project: z.string().min(1).max(63).nullable().default(null),
    }),
  )
  .max(500);
const NewUser = z.strictObject({
  user: Name,
  password: Password,
  displayName: z.string().min(1).max(200).optional(),
  roles: Roles.default([]),
  /** The password is good for one login, at which the person chooses another. */
  mustChangePassword: z.boolean().default(false),
});
const NewMachine = z.strictObject({ name: Name, roles: Roles.default([]) });
const RolesBody = z.strictObject({ roles: Roles });
const Change = z
  .strictObject({
    state: z.enum(['active', 'disabled']).optional(),
    revokeTokens: z.literal(true).optional(),
    /** At the next login the person must choose another password. Ends the sessions. */
    mustChangePassword: z.literal(true).optional(),
  })
  .refine(
    ({ state, revokeTokens, mustChangePassword }) =>
      state !== undefined || revokeTokens || mustChangePassword,
    'say state, revokeTokens or mustChangePassword',
  );

const shown = ({ name, ...rest }: Identity) => ({ ...rest, user: name });

@ApiTags('Users and machines')
@Controller('v1')
export class UsersController {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly createPrincipal: CreatePrincipal,
    private readonly setRoles: SetRoles,
    private readonly setState: SetState,
  ) {}

  @Post('users')
  @Can('create', 'User', { project: null })
  @ApiOperation({ summary: 'Makes an account for a person' })
  async createUser(@FromCaller() caller: Caller, @ZodBody(NewUser) body: z.output<typeof NewUser>) {
    const { user, password, roles, displayName = user, mustChangePassword } = body;
    const person = { kind: 'person' as const, name: user, displayName, password, roles, mustChangePassword };
    return shown(await this.createPrincipal.create(caller, person));
  }

  @Get('users')
  @Can('read', 'User', { project: null })
  @ApiOperation({ summary: 'People, in the order in which they were made' })
  async users(@ZodQuery(AccountPage) page: z.output<typeof AccountPage>) {
    return this.list('person', page);
  }

  @Get('users/:id')
  @Can('read', 'User', { project: null })
  @ApiOperation({ summary: 'A person or machine' })
  async user(@Param('id') id: string) {
    const identity = await this.identities.find(id);
    if (!identity) throw principalNotFound(id);
    return shown(identity);
  }

  @Put('users/:id/roles')
  @Can('update', 'User', { project: null })
  @ApiOperation({ summary: 'Sets the roles of a person or machine, whole' })
  async roles(
    @FromCaller() caller: Caller,
    @Param('id') id: string,
    @ZodBody(RolesBody) { roles }: z.output<typeof RolesBody>,
  ) {
    return shown(await this.setRoles.set(caller, id, roles));
  }

  @Patch('users/:id')
  @Can('update', 'User', { project: null })
  @ApiOperation({ summary: 'Disables or enables an account, or ends its sessions' })
  async change(
    @FromCaller() caller: Caller,
    @Param('id') id: string,
    @ZodBody(Change) { state, mustChangePassword }: z.output<typeof Change>,
  ) {
    return shown(await this.setState.set(caller, id, state ?? null, mustChangePassword));
  }

  @Post('machines')
  @Can('create', 'User', { project: null })
  @ApiOperation({ summary: 'Makes an account for a program; it calls with API keys' })
  async createMachine(
    @FromCaller() caller: Caller,
    @ZodBody(NewMachine) { name, roles }: z.output<typeof NewMachine>,
  ) {
    const machine = { kind: 'machine' as const, name, displayName: name, password: null, roles };
    return shown(await this.createPrincipal.create(caller, machine));
  }

  @Get('machines')
  @Can('read', 'User', { project: null })
  @ApiOperation({ summary: 'Machines, in the order in which they were made' })
  async machines(@ZodQuery(AccountPage) page: z.output<typeof AccountPage>) {
    return this.list('machine', page);
  }

  private async list(kind: Identity['kind'], page: z.output<typeof AccountPage>) {
    const { limit, after = null, project = null } = page;
    const items = await this.identities.list(kind, { limit, after }, project);
    return { items: items.map(shown), next: items.length === page.limit ? items.at(-1)!.id : null };
  }
}
