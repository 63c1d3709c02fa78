import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { readYaml } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { common, type Verb } from '../verb';

interface Step {
  readonly kind: string;
  readonly role: string;
  readonly user?: string;
  readonly project?: string | null;
}
interface PlanAnswer {
  readonly steps: readonly Step[];
  readonly digest: string;
}

export const registerPolicy: Verb = (program, open) => {
  const policy = program
    .command('policy')
    .description('roles and who holds them, as a file that is kept in Git');
  common(policy.command('export'))
    .description('write the policy as YAML')
    .argument('[file]', 'default: the output')
    .action(async (file: string | undefined, options: CommonOptions) => exportPolicy(open(options), file));
  common(policy.command('plan'))
    .description('show the steps from what is to what a file says; changes nothing')
    .argument('<file>', 'YAML or JSON')
    .action(async (file: string, options: CommonOptions) => plan(open(options), file));
  common(policy.command('apply'))
    .description('take those steps, all or none; the same file again changes nothing')
    .argument('<file>', 'YAML or JSON')
    .option('--plan <digest>', 'refuse if the policy has changed since this plan')
    .action(async (file: string, options: CommonOptions & { plan?: string }) =>
      apply(open(options), file, options.plan),
    );
};

async function exportPolicy(session: Session, file: string | undefined): Promise<void> {
  const document = await session.client.get<object>('/governance/v1/policy');
  const text = stringify(document);
  if (file === undefined) {
    session.show(document, () => text.trimEnd());
    return;
  }
  writeFileSync(file, text);
  session.show({ file }, () => `The policy stands in ${file}.`);
}

async function plan(session: Session, file: string): Promise<void> {
  const answer = await session.client.post<PlanAnswer>('/governance/v1/policy/plan', readPolicy(file));
  session.show(answer, () => [told(answer.steps), `Plan ${answer.digest}`].join('\n'));
}

async function apply(session: Session, file: string, digest: string | undefined): Promise<void> {
  const body = { document: readPolicy(file), ...(digest === undefined ? {} : { digest }) };
  const answer = await session.client.post<{ steps: readonly Step[] }>('/governance/v1/policy/apply', body);
  session.show(answer, () => told(answer.steps));
}

const readPolicy = (file: string): unknown => readYaml(file, 'CLI.POLICY_UNREADABLE') ?? {};

const WORDS: Readonly<Record<string, string>> = {
  'role.create': '+ role',
  'role.change': '~ role',
  'role.delete': '- role',
  'totp.require': '+ second factor for',
  'totp.release': '- second factor for',
  'role.grant': '+',
  'role.revoke': '-',
};

function told(steps: readonly Step[]): string {
  if (steps.length === 0) return 'Nothing differs.';
  return steps
    .map(({ kind, role, user, project }) => {
      const what = user === undefined ? role : `${user}: ${role}${project ? `@${project}` : ''}`;
      return `${WORDS[kind] ?? kind} ${what}`;
    })
    .join('\n');
}
