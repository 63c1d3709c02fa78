import type { HeldDecisionAnswer, Page } from '@steward/client/answers';
import { Option } from 'commander';
import { usage } from '../cli-error';
import { figure, time } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type Verb } from '../verb';

const STATES = ['pending', 'confirmed', 'overridden', 'contested'];

interface Options extends CommonOptions {
  readonly state?: string;
  readonly decide?: string;
  readonly reason?: string;
  readonly answer?: string;
  readonly contest?: boolean;
  readonly inputs?: boolean;
  readonly counts?: boolean;
  readonly limit: number;
}

export const registerReviews: Verb = (program, open) => {
  common(program.command('reviews'))
    .description('decisions that people make in the place of models (GDPR Art. 22); decide or contest one')
    .argument('[id]', 'held decision')
    .addOption(new Option('--state <state>', 'only those').choices(STATES))
    .option('--decide <label>', 'decide so (with --reason and --answer)')
    .option('--contest', 'the subject contests it (with --reason)')
    .option(
      '--inputs',
      'the inputs of its row, as far as they may be seen and are kept; that you look is audited',
    )
    .option('--counts', 'how many there are of each state, by model')
    .option('--reason <text>', 'why; kept in the books')
    .option('--answer <text>', 'what the subject is told')
    .option('--limit <decisions>', 'at most so many', positive, 50)
    .action(async (id: string | undefined, options: Options) => {
      check(id, options);
      const session = open(options);
      if (options.counts === true) return counts(session);
      if (id === undefined) return list(session, options);
      return options.inputs === true ? inputs(session, id) : act(session, id, options);
    });
};

function check(id: string | undefined, options: Options): void {
  const { decide, contest, inputs: look, counts: counted, reason, answer } = options;
  const acts = decide !== undefined || contest === true;
  if (counted === true && (id !== undefined || acts || look === true))
    throw usage('Counts are of all decisions: steward reviews --counts');
  if (look === true && (id === undefined || acts))
    throw usage('Say whose inputs: steward reviews ID --inputs');
  if (look === true) return;
  if (acts && id === undefined) throw usage('Say which decision: steward reviews ID');
  if (id !== undefined && !acts) throw usage('Say what to do: --decide LABEL, --contest or --inputs');
  if (decide !== undefined && contest === true) throw usage('Choose one of --decide and --contest.');
  if (acts && reason === undefined) throw usage('It needs a reason: --reason "..."');
  if (decide !== undefined && answer === undefined)
    throw usage('Say what the subject is told: --answer "..."');
}

async function list(session: Session, { state, limit }: Options): Promise<void> {
  const path = session.path('governance', 'held-decisions');
  const page = await session.client.get<Page<HeldDecisionAnswer>>(path, {
    state,
    limit: Math.min(limit, 200),
  });
  session.show(page, () =>
    table(
      ['decision', 'model', 'proposed', 'score', 'because', 'state', 'decided', 'held (UTC)'],
      page.items.map((each) => [
        each.id,
        `${each.model} v${each.version}`,
        each.proposed,
        figure(each.score),
        each.because,
        each.state,
        each.label,
        time(each.heldAt),
      ]),
      state === undefined ? 'No decision was held.' : `No decision is ${state}.`,
    ),
  );
}

interface CountsAnswer {
  readonly items: readonly { readonly model: string; readonly state: string; readonly decisions: number }[];
}

async function counts(session: Session): Promise<void> {
  const answer = await session.client.get<CountsAnswer>(
    session.path('governance', 'held-decisions', 'counts'),
  );
  session.show(answer, () =>
    table(
      ['model', 'state', 'decisions'],
      answer.items.map(({ model, state, decisions }) => [model, state, decisions]),
      'No decision was held.',
    ),
  );
}

interface InputsAnswer {
  readonly inputs: readonly { readonly column: string; readonly value: string | null }[];
  readonly withheld: readonly string[];
}

async function inputs(session: Session, id: string): Promise<void> {
  const { predictionId, row } = await session.client.get<HeldDecisionAnswer>(
    session.path('governance', 'held-decisions', id),
  );
  const answer = await session.client.get<InputsAnswer>(
    session.path('ingestion', 'predictions', predictionId, 'rows', String(row)),
  );
  session.show(answer, () =>
    [
      table(
        ['column', 'value'],
        answer.inputs.map(({ column, value }) => [column, value ?? 'missing']),
        'None of its columns may be shown.',
      ),
      `Withheld: ${answer.withheld.join(', ') || 'nothing'}.`,
    ].join('\n'),
  );
}

async function act(session: Session, id: string, { decide, reason, answer }: Options): Promise<void> {
  const path = session.path('governance', 'held-decisions', id);
  const after =
    decide === undefined
      ? await session.client.post<HeldDecisionAnswer>(`${path}/contest`, { reason })
      : await session.client.post<HeldDecisionAnswer>(`${path}/decide`, { label: decide, reason, answer });
  session.show(after, () =>
    after.state === 'contested'
      ? 'Contested: another person decides it now.'
      : `${after.state === 'confirmed' ? 'Confirmed' : 'Overridden'}: ${after.label}.`,
  );
}
