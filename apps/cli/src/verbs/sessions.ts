import type { SessionAnswer } from '@steward/client/answers';
import { accountOf } from '../accounts';
import { time } from '../format';
import { usage } from '../cli-error';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, type Verb } from '../verb';

interface ListOptions extends CommonOptions {
  readonly of?: string;
  readonly all?: boolean;
}

export const registerSessions: Verb = (program, open) => {
  const sessions = program.command('sessions').description('logins that hold: list, end');
  common(sessions.command('list'))
    .description('one’s own sessions')
    .option('--of <name>', 'those of somebody else')
    .option('--all', 'everybody’s')
    .action(async (options: ListOptions) => list(open(options), options));
  common(sessions.command('end'))
    .description('end a session, in every service within a second')
    .argument('<session>', 'id')
    .action(async (id: string, options: CommonOptions) => end(open(options), id));
};

async function list(session: Session, { of, all }: ListOptions): Promise<void> {
  if (of !== undefined && all) throw usage('--of and --all exclude each other.');
  const { client } = session;
  const principalId = all ? '*' : of === undefined ? undefined : (await accountOf(client, of)).id;
  const items: SessionAnswer[] = [];
  for await (const each of client.all<SessionAnswer>('/governance/v1/sessions', { principalId }))
    items.push(each);
  session.show({ items }, () =>
    table(
      ['session', 'of', 'kind', 'since (UTC)', 'until (UTC)', 'from', 'with', ''],
      items.map((each) => [
        each.sessionId,
        each.principalId,
        each.kind === 'cookie' ? 'browser' : 'program',
        time(each.createdAt),
        time(each.expiresAt),
        each.address,
        each.userAgent,
        each.current ? 'this one' : '',
      ]),
      'No session holds.',
    ),
  );
}

async function end(session: Session, id: string): Promise<void> {
  await session.client.delete(`/governance/v1/sessions/${encodeURIComponent(id)}`);
  session.show({ ended: id }, () => `Session ${id} has ended.`);
}
