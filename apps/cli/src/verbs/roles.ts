import { InvalidArgumentError } from 'commander';
import { usage } from '../cli-error';
import { readYaml } from '../read-input';
import { parseBinding } from '../role-binding';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { collect, common, type Verb } from '../verb';
import { registerRoleTables, type MatrixAnswer } from './role-tables';

interface RuleAnswer {
  readonly action: readonly string[];
  readonly subject: readonly string[];
  readonly conditions?: object;
  readonly inverted?: boolean;
}
interface RoleAnswer {
  readonly role: string;
  readonly builtIn: boolean;
  readonly version: number | null;
  readonly description: string;
  readonly requiresTotp: boolean;
  readonly rules: readonly RuleAnswer[];
}
interface ExplainedAnswer {
  readonly allowed: boolean;
  readonly because: string;
  readonly rules: readonly { readonly sentence: string; readonly matched: boolean | null }[];
}
interface CanOptions extends CommonOptions {
  readonly as?: string;
  readonly field?: readonly [string, string][];
  readonly trying?: readonly string[];
}

export const registerRoles: Verb = (program, open) => {
  const roles = program
    .command('roles')
    .description('roles and what they may; change your own with steward policy');
  common(roles.command('list'))
    .description('built-in roles and your own')
    .action(async (options: CommonOptions) => list(open(options)));
  common(roles.command('show'))
    .description('the rules of a role')
    .argument('<role>')
    .action(async (role: string, options: CommonOptions) => show(open(options), role));
  registerRoleTables(roles, open);
  common(roles.command('can'))
    .description('whether somebody may do something, and why. Exit status 1 if not')
    .argument('<action>', 'say, update')
    .argument('<subject>', 'say, ModelAlias')
    .option('--as <name>', 'somebody else')
    .option('--field <name=value>', 'what is known of the object, say alias=champion; several times', field)
    .option('--trying <role[@project]>', 'as if these were his roles; nothing is stored', collect)
    .action(async (action: string, subject: string, options: CanOptions) =>
      can(open(options), action, subject, options),
    );
  common(roles.command('preview'))
    .description('what a role with the rules of a file would let its holders do; nothing is stored')
    .argument('<file>', 'a list of rules (YAML or JSON)')
    .action(async (file: string, options: CommonOptions) => preview(open(options), file));
};

function field(text: string, all: readonly [string, string][] = []): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It looks like alias=champion.');
  return [...all, [text.slice(0, at), text.slice(at + 1)]];
}

async function list(session: Session): Promise<void> {
  const answer = await session.client.get<{ items: readonly RoleAnswer[] }>('/governance/v1/roles');
  session.show(answer, () =>
    table(
      ['role', 'version', 'rules', 'second factor', 'description'],
      answer.items.map((role) => [
        role.role,
        role.builtIn ? 'built in' : `${role.version}`,
        role.rules.length,
        role.requiresTotp ? 'needed' : '',
        role.description,
      ]),
      'There is no role.',
    ),
  );
}

async function show(session: Session, name: string): Promise<void> {
  const role = await session.client.get<RoleAnswer>(`/governance/v1/roles/${encodeURIComponent(name)}`);
  session.show(role, () =>
    table(
      ['', 'action', 'subject', 'where'],
      role.rules.map((rule) => [
        rule.inverted ? 'forbids' : 'permits',
        rule.action.join(', '),
        rule.subject.join(', '),
        rule.conditions ? JSON.stringify(rule.conditions) : 'always',
      ]),
      'It has no rule.',
    ),
  );
}

async function preview(session: Session, file: string): Promise<void> {
  const answer = await session.client.post<MatrixAnswer>('/governance/v1/decisions/preview', {
    role: 'preview',
    rules: readYaml(file, 'CLI.RULES_UNREADABLE'),
    project: session.chosenProject,
  });
  const cells = answer.roles[0]?.cells ?? [];
  const actions = (subject: string, wanted: string): string =>
    cells
      .filter((cell) => cell.subject === subject && cell.allowed === wanted)
      .map(({ action }) => action)
      .join(', ');
  const rows = answer.subjects.map((subject) => [
    subject,
    actions(subject, 'yes'),
    actions(subject, 'conditional'),
  ]);
  session.show(answer, () =>
    table(
      ['subject', 'always', 'where conditions hold'],
      rows.filter(([, always, sometimes]) => always !== '' || sometimes !== ''),
      'It permits nothing there.',
    ),
  );
}

async function can(session: Session, action: string, subject: string, options: CanOptions): Promise<void> {
  const project = session.chosenProject;
  const fields = Object.fromEntries(options.field ?? []);
  if ('project' in fields) throw usage('Say the project with --project.');
  const bindings = options.trying?.map(parseBinding);
  const answer = await session.client.post<ExplainedAnswer>('/governance/v1/decisions/explain', {
    ...(options.as === undefined ? {} : { principal: options.as }),
    action,
    subject,
    object: { project, ...fields },
    ...(bindings ? { proposed: { bindings } } : {}),
  });
  if (!answer.allowed) session.fail();
  session.show(answer, () =>
    facts([
      [answer.allowed ? 'Yes' : 'No', answer.because],
      ...answer.rules.map((rule, index) => [`Rule ${index + 1}`, rule.sentence] as const),
    ]),
  );
}
