import { Option } from 'commander';
import { accountOf, accounts, type AccountAnswer } from '../accounts';
import { askSecret } from '../ask';
import { usage } from '../cli-error';
import { time } from '../format';
import { readDefinition } from '../read-input';
import { parseBinding, showBinding } from '../role-binding';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { collect, common, type Verb } from '../verb';

interface AddOptions extends CommonOptions {
  readonly role?: readonly string[];
  readonly machine?: boolean;
  readonly mustChangePassword?: boolean;
}
interface ChangeOptions extends CommonOptions {
  readonly disable?: boolean;
  readonly enable?: boolean;
  readonly endSessions?: boolean;
  readonly changePassword?: boolean;
  readonly removeTotp?: boolean;
}

export const registerUsers: Verb = (program, open) => {
  const users = program.command('users').description('people and machines: list, add, roles, change');
  common(users.command('list'))
    .description('people and machines with their roles')
    .action(async (options: CommonOptions) => list(open(options)));
  common(users.command('add'))
    .description(
      'make an account; the password is asked for without echo, or comes from STEWARD_NEW_PASSWORD or a pipe',
    )
    .argument('<name>', 'under which it logs in')
    .option('--role <role[@project]>', 'may be given several times', collect)
    .option('--machine', 'a program: it has no password, but API keys (steward keys make)')
    .option('--must-change-password', 'the password is good for one login')
    .action(async (name: string, options: AddOptions) => add(open(options), name, options));
  common(users.command('roles'))
    .description('set the roles, whole: what is not named is taken away')
    .argument('<name>')
    .argument('[roles...]', 'ROLE, or ROLE@PROJECT')
    .action(async (name: string, roles: string[], options: CommonOptions) =>
      setRoles(open(options), name, roles),
    );
  common(users.command('change'))
    .description(
      'disable or enable an account, end its sessions, ask for a new password, take a lost second factor away',
    )
    .argument('<name>')
    .addOption(new Option('--disable').conflicts('enable'))
    .option('--enable')
    .option('--end-sessions', 'all tokens and sessions end within a second')
    .option('--change-password', 'at the next login another one must be chosen')
    .option('--remove-totp', 'for who has lost the second factor')
    .action(async (name: string, options: ChangeOptions) => change(open(options), name, options));
  common(users.command('groups'))
    .description('which groups of an OpenID provider hold which roles; with --file: sets them, whole')
    .argument('<provider>', 'id of the provider, as the operator set it')
    .option('-f, --file <file>', 'groups: [{ group, role, project }] (YAML or JSON)')
    .action(async (provider: string, options: CommonOptions & { readonly file?: string }) =>
      groups(open(options), provider, options.file),
    );
};

interface GroupsAnswer {
  readonly groups: readonly {
    readonly group: string;
    readonly role: string;
    readonly project: string | null;
  }[];
}

async function groups(session: Session, provider: string, file: string | undefined): Promise<void> {
  const path = `/governance/v1/oidc/${encodeURIComponent(provider)}/groups`;
  const answer = await (file === undefined
    ? session.client.get<GroupsAnswer>(path)
    : session.client.put<GroupsAnswer>(path, readDefinition(file), { type: 'application/yaml' }));
  session.show(answer, () =>
    table(
      ['group', 'role'],
      answer.groups.map(({ group, role, project }) => [group, showBinding({ role, project })]),
      'No group holds a role: who comes by this provider may do nothing.',
    ),
  );
}

async function list(session: Session): Promise<void> {
  const items = await accounts(session.client);
  session.show({ items }, () =>
    table(
      ['name', 'kind', 'state', 'roles', 'since (UTC)'],
      items.map((each) => [each.user, each.kind, each.state, rolesOf(each), time(each.createdAt)]),
      'There is nobody.',
    ),
  );
}

async function add(session: Session, name: string, options: AddOptions): Promise<void> {
  const { client, terminal, environment } = session;
  const roles = (options.role ?? []).map(parseBinding);
  if (options.machine) {
    const made = await client.post<AccountAnswer>('/governance/v1/machines', { name, roles });
    session.show(made, () => `Machine ${name} is made: ${rolesOf(made)}.`);
    return;
  }
  const password =
    environment['STEWARD_NEW_PASSWORD'] ?? (await askSecret(terminal, `Password of ${name}: `));
  const made = await client.post<AccountAnswer>('/governance/v1/users', {
    user: name,
    password,
    roles,
    mustChangePassword: options.mustChangePassword ?? false,
  });
  session.show(made, () => `${name} is made: ${rolesOf(made)}.`);
}

async function setRoles(session: Session, name: string, roles: readonly string[]): Promise<void> {
  const wanted = roles.map(parseBinding);
  const { id } = await accountOf(session.client, name);
  const changed = await session.client.put<AccountAnswer>(`/governance/v1/users/${id}/roles`, {
    roles: wanted,
  });
  session.show(changed, () => `${name} holds: ${rolesOf(changed)}.`);
}

async function change(session: Session, name: string, options: ChangeOptions): Promise<void> {
  const { disable, enable, endSessions, changePassword, removeTotp } = options;
  const body = {
    ...(disable ? { state: 'disabled' } : enable ? { state: 'active' } : {}),
    ...(endSessions ? { revokeTokens: true } : {}),
    ...(changePassword ? { mustChangePassword: true } : {}),
  };
  const changes = Object.keys(body).length;
  if (changes === 0 && !removeTotp) throw usage('Say what to change: see steward users change --help.');
  const { id } = await accountOf(session.client, name);
  if (removeTotp) await session.client.delete(`/governance/v1/users/${id}/totp`);
  if (changes > 0) await session.client.patch(`/governance/v1/users/${id}`, body);
  session.show({ id, ...body, removedTotp: removeTotp ?? false }, () => `${name} is changed.`);
}

const rolesOf = ({ roles }: AccountAnswer): string => roles.map(showBinding).join(', ') || 'no role';
