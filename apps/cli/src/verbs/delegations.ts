import type { DelegationAnswer, Page } from '@steward/client/answers';
import { errors, isId } from '@steward/kernel';
import { time } from '../format';
import { People } from '../people';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, type Verb } from '../verb';

interface GiveOptions extends CommonOptions {
  readonly to: string;
  readonly from?: string;
  readonly until: string;
  readonly reason: string;
}

/** Somebody to whom one may delegate. */
interface Delegate {
  readonly id: string;
  readonly name: string;
}

export const registerDelegations: Verb = (program, open) => {
  const delegations = program
    .command('delegations')
    .description('who lets whom approve in his place, where the policy allows it');
  common(delegations.command('list'))
    .description('all that ever were')
    .action(async (options: CommonOptions) => list(open(options)));
  common(delegations.command('give'))
    .description('let another person approve in your place, for requests that are opened from then on')
    .requiredOption('--to <person>', 'login name or id')
    .option('--from <time>', 'ISO 8601; default: now')
    .requiredOption('--until <time>', 'ISO 8601')
    .requiredOption('--reason <text>', 'why; kept with it')
    .action(async (options: GiveOptions) => give(open(options), options));
  common(delegations.command('revoke'))
    .description('take one of yours back; what was decided by it no longer counts')
    .argument('<id>')
    .action(async (id: string, options: CommonOptions) => {
      const session = open(options);
      await session.client.delete(session.path('governance', 'approval-delegations', id));
      session.show({ revoked: id }, () => 'It is taken back.');
    });
};

async function list(session: Session): Promise<void> {
  const page = await session.client.get<Page<DelegationAnswer>>(
    session.path('governance', 'approval-delegations'),
  );
  const names = await new People(session.client).map(page.items.flatMap(({ from, to }) => [from, to]));
  session.show(page, () =>
    table(
      ['delegation', 'from', 'to', 'starts (UTC)', 'ends (UTC)'],
      page.items.map((each) => [
        each.id,
        names.get(each.from),
        names.get(each.to),
        time(each.startsAt),
        each.revokedAt === null ? time(each.endsAt) : `taken back ${time(each.revokedAt)}`,
      ]),
      'Nobody lets anybody approve in his place.',
    ),
  );
}

async function give(session: Session, { to, from, until, reason }: GiveOptions): Promise<void> {
  const path = session.path('governance', 'approval-delegations');
  const terms = {
    to: isId(to) ? to : await idOf(session, path, to),
    startsAt: from ?? new Date().toISOString(),
    endsAt: until,
    reason,
  };
  const made = await session.client.post<DelegationAnswer>(path, terms);
  session.show(made, () => `${to} may approve in your place until ${time(made.endsAt)} UTC.`);
}

async function idOf(session: Session, path: string, name: string): Promise<string> {
  const { items } = await session.client.get<Page<Delegate>>(`${path}/delegates`, { search: name });
  const found = items.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found) return found.id;
  throw errors.notFound(
    'CLI.ACCOUNT_UNKNOWN',
    `Nobody of the name ${name} has a role in the project ${session.project}.`,
  );
}
