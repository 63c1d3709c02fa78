import { Option } from 'commander';
import type { NotificationAnswer, Page } from '@steward/client/answers';
import { usage } from '../cli-error';
import { time, words } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type Verb } from '../verb';

const STATES = ['waiting', 'delivered', 'dead', 'shown'];
const KINDS = ['approval', 'alert', 'emergency-access', 'breach', 'subject-request'];

interface Options extends CommonOptions {
  readonly state?: string;
  readonly kind?: string;
  readonly all?: boolean;
  readonly retry?: string;
  readonly limit: number;
}

interface Answer extends Page<NotificationAnswer> {
  readonly webhook: string | null;
}

export const registerOutbox: Verb = (program, open) => {
  common(program.command('outbox'))
    .description(
      'what waits for whom, and whether the webhook was told; or have a dead notification sent again',
    )
    .addOption(new Option('--state <state>', 'of its delivery').choices(STATES))
    .addOption(new Option('--kind <kind>', 'only those').choices(KINDS))
    .option('--all', 'also what waits for nobody any more')
    .option('--retry <id>', 'send this one again; it must be dead')
    .option('--limit <notifications>', 'at most so many', positive, 50)
    .action(async (options: Options) => {
      const { retry, state, kind, all } = options;
      if (retry !== undefined && (state ?? kind ?? all) !== undefined)
        throw usage('--retry goes with no other option.');
      const session = open(options);
      return retry === undefined ? list(session, options) : again(session, retry);
    });
};

async function again(session: Session, id: string): Promise<void> {
  await session.client.post(`${session.path('governance', 'notifications', id)}/retry`, {});
  session.show({ retried: id }, () => `Notification ${id} is sent again.`);
}

async function list(session: Session, { state, kind, all, limit }: Options): Promise<void> {
  const page = await session.client.get<Answer>(session.path('governance', 'notifications'), {
    state,
    kind,
    open: all ? undefined : 'true',
    limit: Math.min(limit, 200),
  });
  session.show(page, () =>
    [
      page.webhook === null
        ? 'No webhook: notifications are shown here and in the console (STEWARD_WEBHOOK_URL).'
        : `Webhook: ${page.webhook}`,
      table(
        ['notification', 'what', 'for', 'due (UTC)', 'told', 'tries', 'why not', 'since (UTC)'],
        page.items.map((each) => [
          each.id,
          each.summary,
          [...each.roles.map(words), ...each.people].join(', '),
          each.dueAt === null ? '-' : time(each.dueAt),
          each.settledAt === null ? each.state : `${each.state}, settled`,
          each.attempts,
          each.fault ?? '-',
          time(each.createdAt),
        ]),
        all ? 'There has been no notification.' : 'Nothing waits for anybody.',
      ),
    ].join('\n'),
  );
}
