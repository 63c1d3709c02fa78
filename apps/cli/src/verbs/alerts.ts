import { Option } from 'commander';
import type { AlertAnswer, Page } from '@steward/client/answers';
import { usage } from '../cli-error';
import { time, words } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly state?: string;
  readonly acknowledge?: string;
  readonly reason?: string;
  readonly limit: number;
}

export const registerAlerts: Verb = (program, open) => {
  common(program.command('alerts'))
    .description('alerts, newest first; or acknowledge one')
    .addOption(new Option('--state <state>', 'only those').choices(['open', 'resolved']))
    .option('--acknowledge <id>', 'say that it has been seen; only a window without findings resolves it')
    .option('--reason <text>', 'with --acknowledge: what is being done')
    .option('--limit <alerts>', 'at most so many', positive, 50)
    .action(async (options: Options) => {
      if (options.reason !== undefined && options.acknowledge === undefined)
        throw usage('--reason goes with --acknowledge ID.');
      const session = open(options);
      if (options.acknowledge === undefined) return list(session, options);
      return acknowledge(session, options.acknowledge, options.reason);
    });
};

async function list(session: Session, { state, limit }: Options): Promise<void> {
  const page = await session.client.get<Page<AlertAnswer>>(session.path('monitoring', 'alerts'), {
    state,
    limit: Math.min(limit, 200),
  });
  session.show(page, () =>
    table(
      ['alert', 'kind', 'model', 'what', 'state', 'raised (UTC)', 'resolved (UTC)', 'seen'],
      page.items.map((alert) => [
        alert.id,
        words(alert.kind),
        `${alert.model} v${alert.modelVersion}`,
        alert.columns.join(', '),
        alert.state,
        time(alert.raisedAt),
        time(alert.resolvedAt),
        alert.acknowledgedBy === null ? 'no' : 'yes',
      ]),
      state === undefined ? 'There has been no alert.' : `No alert is ${state}.`,
    ),
  );
}

async function acknowledge(session: Session, id: string, reason: string | undefined): Promise<void> {
  await session.client.post(
    `${session.path('monitoring', 'alerts', id)}/acknowledge`,
    reason === undefined ? {} : { reason },
  );
  session.show(
    { acknowledged: id },
    () => `Alert ${id} is acknowledged. It stays open until a full window shows nothing.`,
  );
}
