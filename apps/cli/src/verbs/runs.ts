import type { Page, RunAnswer } from '@steward/client/answers';
import { duration, figure, short, time } from '../format';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly limit: number;
}

export const registerRuns: Verb = (program, open) => {
  common(program.command('runs'))
    .description('runs, newest first; or one run')
    .argument('[id]')
    .option('--limit <runs>', 'at most so many', positive, 50)
    .action(async (id: string | undefined, options: Options) => {
      const session = open(options);
      return id === undefined ? list(session, options) : one(session, id);
    });
};

async function list(session: Session, { limit }: Options): Promise<void> {
  const page = await session.client.get<Page<RunAnswer>>(session.path('training', 'runs'), {
    limit: Math.min(limit, 200),
  });
  session.show(page, () =>
    table(
      ['run', 'pipeline', 'data', 'state', 'asked by', 'learner', 'AUC', 'model', 'started (UTC)', 'took'],
      page.items.map((run) => [
        run.id,
        `${run.pipeline} v${run.pipelineVersion}`,
        `${run.dataset}@${run.datasetVersion}`,
        run.state,
        run.trigger,
        run.result?.learner,
        figure(run.result?.metrics['auc']),
        run.result && `${run.result.model} v${run.result.version}`,
        time(run.startedAt),
        took(run),
      ]),
      'No runs yet. Start one: steward train PIPELINE --file pipeline.yaml',
    ),
  );
}

async function one(session: Session, id: string): Promise<void> {
  const run = await session.client.get<RunAnswer>(session.path('training', 'runs', id));
  session.show(run, () => runFacts(run));
}

const took = ({ startedAt, finishedAt }: RunAnswer): string =>
  startedAt && finishedAt ? duration(Date.parse(finishedAt) - Date.parse(startedAt)) : '-';

/** A run as people read it. */
export function runFacts(run: RunAnswer): string {
  const { result } = run;
  const head = facts([
    ['Run', run.id],
    ['State', run.state + (run.failureMessage ? `: ${run.failureMessage}` : '')],
    [
      'Pipeline',
      `${run.pipeline} version ${run.pipelineVersion} (${short(run.pipelineDigest)}), asked by ${run.trigger}`,
    ],
    ['Data', `${run.dataset} version ${run.datasetVersion} (${short(run.datasetDigest)})`],
    ['Started', `${time(run.startedAt)} UTC, took ${took(run)}, attempt ${run.attempt}`],
  ]);
  if (!result) return head;
  const { fairness, comparison, metrics } = result;
  const outcome = facts([
    ['Model', `${result.model} version ${result.version}`],
    ['Digest', result.digest],
    [
      'Hold-out',
      Object.entries(metrics)
        .map(([name, value]) => `${name} ${figure(value)}`)
        .join(', '),
    ],
    [
      'Fairness',
      `demographic parity ratio ${figure(fairness.demographicParityRatio)}, equalized odds difference ${figure(fairness.equalizedOddsDifference)} (${fairness.rows} rows)`,
    ],
    ...(comparison
      ? ([
          [
            'Compared',
            `on ${comparison.figures.rows} rows new to both: champion AUC ${figure(comparison.figures.championAuc)}, candidate ${figure(comparison.figures.candidateAuc)}`,
          ],
        ] as const)
      : []),
    ...(result.sensitiveInputs.length > 0
      ? ([['Sensitive', `inputs: ${result.sensitiveInputs.join(', ')}`]] as const)
      : []),
  ]);
  const learners = table(
    ['learner', 'mean', 'deviation', 'AUC out of fold', 'chosen'],
    result.learners.map((each) => [
      each.kind,
      figure(each.mean),
      figure(each.deviation),
      figure(each.auc),
      each.kind === result.learner ? 'yes' : '',
    ]),
    'no learners',
  );
  return [head, outcome, '', learners].join('\n');
}
