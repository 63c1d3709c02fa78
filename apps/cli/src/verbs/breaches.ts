import type { BreachAnswer, Page } from '@steward/client/answers';
import { Option } from 'commander';
import { usage } from '../cli-error';
import { figure, time, words } from '../format';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly subjects?: boolean;
  readonly draft?: boolean;
  readonly end?: 'notified' | 'not_notifiable';
  readonly reason?: string;
}

export const registerBreaches: Verb = (program, open) => {
  common(program.command('breaches'))
    .description('breaches of personal data (GDPR Art. 33, 34): clock, exposure, drafts; open or end one')
    .argument('[id]', 'breach')
    .option(
      '-f, --file <file>',
      'open one: summary, awareAt, from, to, principals, keys, dataset (YAML or JSON)',
    )
    .option('--subjects', 'pseudonyms of all who may be concerned')
    .option('--draft', 'drafts of the notifications')
    .addOption(
      new Option('--end <outcome>', 'end it (with --reason)').choices(['notified', 'not_notifiable']),
    )
    .option('--reason <text>', 'why, 10 characters at least')
    .action(async (id: string | undefined, options: Options) => {
      check(id, options);
      const session = open(options);
      if (options.file !== undefined) return report(session, options.file);
      return id === undefined ? list(session) : one(session, id, options);
    });
};

function check(id: string | undefined, { file, subjects, draft, end, reason }: Options): void {
  const acts = [subjects, draft, end !== undefined].filter(Boolean).length;
  if (acts > 1) throw usage('Choose one of --subjects, --draft and --end.');
  if (file !== undefined && (id !== undefined || acts > 0))
    throw usage('--file opens a new breach: give neither an id nor another option.');
  if (acts === 1 && id === undefined) throw usage('Say which breach: steward breaches ID');
  if (id !== undefined && acts === 0) throw usage('Say what of it: --subjects, --draft or --end');
  if (end !== undefined && reason === undefined) throw usage('It needs a reason: --reason "..."');
}

async function list(session: Session): Promise<void> {
  const path = session.path('governance', 'breaches');
  const page = await session.client.get<Page<BreachAnswer>>(path, { limit: 200 });
  session.show(page, () =>
    table(
      [
        'breach',
        'state',
        'aware (UTC)',
        'notify until (UTC)',
        'hours left',
        'subjects',
        'predictions',
        'rows',
      ],
      page.items.map((each) => [
        each.id,
        words(each.state),
        time(each.awareAt),
        time(each.dueAt),
        figure(each.hoursLeft, 1),
        each.exposure?.subjects,
        each.exposure?.predictionRows,
        each.exposure?.datasetRows,
      ]),
      'There has been no breach.',
    ),
  );
}

async function report(session: Session, file: string): Promise<void> {
  const path = session.path('governance', 'breaches');
  const options = { type: 'application/yaml' };
  const made = await session.client.post<BreachAnswer>(path, readDefinition(file), options);
  session.show(made, () => `Breach ${made.id} is open; the 72 hours run since ${time(made.awareAt)} UTC.`);
}

async function one(session: Session, id: string, { subjects, end, reason }: Options): Promise<void> {
  const path = session.path('governance', 'breaches', id);
  if (end !== undefined) {
    await session.client.post(`${path}/end`, { outcome: end, reason });
    session.show({ ended: id, outcome: end }, () => `Breach ${id} is ended: ${words(end)}.`);
  } else if (subjects) {
    const page = await session.client.get<Page<string>>(`${path}/subjects`);
    session.show(page, () => page.items.join('\n') || 'Nobody, as far as it can be seen.');
  } else {
    const draft = await session.client.get<{ authority: string; subjects: string }>(`${path}/notification`);
    session.show(draft, () => `${draft.authority}\n\n${draft.subjects}`);
  }
}
