import { InvalidArgumentError } from 'commander';
import { accountOf } from '../accounts';
import { time } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, whole, type Verb } from '../verb';

interface Scope {
  readonly action: readonly string[];
  readonly subject: readonly string[];
}
interface KeyAnswer {
  readonly keyId: string;
  readonly prefix: string;
  readonly principalId: string;
  readonly project: string | null;
  readonly scopes: readonly Scope[] | null;
  readonly state: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly replacedBy: string | null;
}
interface MadeAnswer {
  readonly keyId: string;
  readonly secret: string;
  readonly oldExpiresAt?: string;
}
interface MakeOptions extends CommonOptions {
  readonly only?: string;
  readonly scope?: readonly Scope[];
  readonly expires?: string;
}

export const registerKeys: Verb = (program, open) => {
  const keys = program.command('keys').description('API keys: list, make, rotate, revoke');
  common(keys.command('list'))
    .description('API keys without their secrets')
    .option('--of <name>', 'only of this account')
    .action(async (options: CommonOptions & { of?: string }) => list(open(options), options.of));
  common(keys.command('make'))
    .description('make a key for a machine, or for oneself; it is shown once')
    .argument('<name>', 'whose rights it carries')
    .option('--only <project>', 'good in this project alone')
    .option('--scope <action:subject>', 'what it is for, say predict:Deployment; several times', scope)
    .option('--expires <time>', 'ISO 8601, UTC')
    .action(async (name: string, options: MakeOptions) => make(open(options), name, options));
  common(keys.command('rotate'))
    .description('make a key for the same; the old one goes on for an overlap')
    .argument('<key>', 'id')
    .option('--overlap <seconds>', 'how long the old key goes on', whole, 86_400)
    .action(async (key: string, options: CommonOptions & { overlap: number }) =>
      rotate(open(options), key, options.overlap),
    );
  common(keys.command('revoke'))
    .description('end a key for good')
    .argument('<key>', 'id')
    .action(async (key: string, options: CommonOptions) => revoke(open(options), key));
};

function scope(text: string, all: readonly Scope[] = []): Scope[] {
  const match = /^([a-z,]+):([A-Za-z,]+)$/.exec(text);
  if (!match) throw new InvalidArgumentError('It looks like predict:Deployment, or read,verify:AuditEntry.');
  return [...all, { action: match[1]!.split(','), subject: match[2]!.split(',') }];
}

async function list(session: Session, of: string | undefined): Promise<void> {
  const { client } = session;
  const query = of === undefined ? {} : { principalId: (await accountOf(client, of)).id };
  const items: KeyAnswer[] = [];
  for await (const key of client.all<KeyAnswer>('/governance/v1/api-keys', query)) items.push(key);
  session.show({ items }, () =>
    table(
      ['key', 'of', 'project', 'for', 'state', 'expires (UTC)', 'last used (UTC)'],
      items.map((key) => [
        key.prefix,
        key.principalId,
        key.project ?? 'all',
        key.scopes?.map(({ action, subject }) => `${action.join(',')}:${subject.join(',')}`).join(' ') ??
          'all',
        key.replacedBy === null ? key.state : `${key.state}, replaced by ${key.replacedBy}`,
        key.expiresAt === null ? 'never' : time(key.expiresAt),
        key.lastUsedAt === null ? 'not yet' : time(key.lastUsedAt),
      ]),
      'There is no API key.',
    ),
  );
}

async function make(
  session: Session,
  name: string,
  { only, scope: scopes, expires }: MakeOptions,
): Promise<void> {
  const { id } = await accountOf(session.client, name);
  const made = await session.client.post<MadeAnswer>('/governance/v1/api-keys', {
    principalId: id,
    ...(only === undefined ? {} : { project: only }),
    ...(scopes ? { scopes } : {}),
    ...(expires === undefined ? {} : { expiresAt: expires }),
  });
  session.show(made, () => `${made.secret}\nKeep it now: it is not shown again.`);
}

async function rotate(session: Session, key: string, overlapSeconds: number): Promise<void> {
  const path = `/governance/v1/api-keys/${encodeURIComponent(key)}/rotate`;
  const made = await session.client.post<MadeAnswer>(path, { overlapSeconds });
  session.show(
    made,
    () =>
      `${made.secret}\nKeep it now: it is not shown again. The old key ends at ${time(made.oldExpiresAt)} UTC.`,
  );
}

async function revoke(session: Session, key: string): Promise<void> {
  await session.client.delete(`/governance/v1/api-keys/${encodeURIComponent(key)}`);
  session.show({ revoked: key }, () => `Key ${key} has ended.`);
}
