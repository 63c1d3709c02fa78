import type { EmergencyAnswer, Page } from '@steward/client/answers';
import { Option } from 'commander';
import { usage } from '../cli-error';
import { time } from '../format';
import { People } from '../people';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly take?: string;
  readonly minutes: number;
  readonly end?: string;
  readonly sign?: string;
  readonly verdict?: 'justified' | 'not-justified';
  readonly reason?: string;
  readonly mine?: boolean;
}

export const registerEmergency: Verb = (program, open) => {
  common(program.command('emergency'))
    .description('emergency access: list it, take a role for a short time, end it, or sign its review')
    .option('--take <role>', 'take this role in the project (with --reason); others are told')
    .option('--minutes <minutes>', 'with --take: for so long, 240 at most', positive, 60)
    .option('--end <id>', 'end it before its time')
    .option('--sign <id>', 'sign its review (with --verdict and --reason)')
    .addOption(new Option('--verdict <verdict>', 'with --sign').choices(['justified', 'not-justified']))
    .option(
      '--mine',
      'list what concerns oneself, in every project: what one holds, and of what one was told',
    )
    .option('--reason <text>', 'why, 10 characters at least')
    .action(async (options: Options) => {
      check(options);
      const session = open(options);
      if (options.take !== undefined) return take(session, options);
      if (options.end !== undefined) return end(session, options.end);
      if (options.sign !== undefined) return sign(session, options.sign, options);
      return list(session, options.mine ? '/governance/v1/me/emergency-accesses' : base(session));
    });
};

function check({ take: role, end: ended, sign: signed, mine, verdict, reason }: Options): void {
  if ([role, ended, signed, mine].filter((each) => each !== undefined).length > 1)
    throw usage('Choose one of --take, --end, --sign and --mine.');
  if ((role !== undefined || signed !== undefined) && reason === undefined)
    throw usage('It needs a reason: --reason "..."');
  if (signed !== undefined && verdict === undefined)
    throw usage('Say whether it was justified: --verdict justified');
}

const base = (session: Session): string => session.path('governance', 'emergency-accesses');

async function list(session: Session, path: string): Promise<void> {
  // What concerns oneself is one short list.
  const query = path === base(session) ? { limit: 200 } : {};
  const page = await session.client.get<Page<EmergencyAnswer>>(path, query);
  const names = await new People(session.client).map(
    page.items.flatMap(({ person, reviewedBy }) => [person, ...(reviewedBy === null ? [] : [reviewedBy])]),
  );
  session.show(page, () =>
    table(
      ['access', 'project', 'person', 'role', 'from (UTC)', 'until (UTC)', 'review'],
      page.items.map((each) => [
        each.id,
        each.project,
        names.get(each.person),
        each.role,
        time(each.startedAt),
        each.endedAt === null ? `${time(each.until)} (in force)` : time(each.endedAt),
        each.reviewedBy === null
          ? 'OPEN'
          : `${each.justified ? 'justified' : 'not justified'}, ${names.get(each.reviewedBy)}`,
      ]),
      'There has been no emergency.',
    ),
  );
}

async function take(session: Session, { take: role, minutes, reason }: Options): Promise<void> {
  const body = { role, minutes, reason };
  const made = await session.client.post<EmergencyAnswer>(base(session), body);
  session.show(
    made,
    () =>
      `You hold ${made.role} until ${time(made.until)} UTC. Others were told; one of them signs the review.`,
  );
}

async function end(session: Session, id: string): Promise<void> {
  await session.client.post(`${base(session)}/${encodeURIComponent(id)}/end`);
  session.show({ ended: id }, () => 'It is ended. The review stays open until somebody else signs it.');
}

async function sign(session: Session, id: string, { verdict, reason }: Options): Promise<void> {
  const justified = verdict === 'justified';
  await session.client.post(`${base(session)}/${encodeURIComponent(id)}/sign`, { justified, reason });
  session.show({ signed: id, justified }, () => 'The review is signed.');
}
