import { setTimeout } from 'node:timers/promises';
import { AppError } from '@steward/kernel';
import type { RunAnswer } from '@steward/client/answers';
import { count, words } from '../format';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { common, positive, type Verb } from '../verb';
import { runFacts } from './runs';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly datasetVersion?: number;
  readonly wait?: boolean;
}

const LOOK_EVERY_MS = 500;
const FINISHED: readonly string[] = ['succeeded', 'failed', 'cancelled'];

export const registerTrain: Verb = (program, open) => {
  common(program.command('train'))
    .description('start a run of a pipeline')
    .argument('<pipeline>')
    .option('-f, --file <file>', 'definition (YAML or JSON) to register first')
    .option('--dataset-version <number>', 'dataset version (default: the newest)', positive)
    .option('-w, --wait', 'wait for its end; exit status 1 if it does not succeed')
    .action(async (pipeline: string, options: Options) => train(open(options), pipeline, options));
};

async function train(session: Session, pipeline: string, options: Options): Promise<void> {
  const { client } = session;
  const path = session.path('training', 'pipelines', pipeline);
  if (options.file !== undefined)
    await client.put(path, readDefinition(options.file), { type: 'application/yaml' });
  const body = options.datasetVersion === undefined ? {} : { datasetVersion: options.datasetVersion };
  const started = await start(session, `${path}/runs`, body);
  if (!options.wait)
    return session.show(
      started,
      () =>
        `Run ${started.id} ${started.state}: dataset ${started.dataset} version ${count(started.datasetVersion)}.\nFollow it: steward runs ${started.id}`,
    );
  const run = await waitForRun(session, started.id);
  if (run.state !== 'succeeded') session.fail();
  session.show(run, () => runFacts(run));
}

/** What training has not heard of yet: a contract or version that ingestion made a moment ago reaches it by event. */
const NOT_YET: readonly string[] = ['TRAINING.DATASET_VERSION_NOT_FOUND', 'TRAINING.CONTRACT_NOT_YET_KNOWN'];
const HEARD_WITHIN_MS = 5_000;

async function start(session: Session, path: string, body: object): Promise<RunAnswer> {
  const { client } = session;
  const until = Date.now() + HEARD_WITHIN_MS;
  return session.progress('waiting until training has heard of the dataset version').during(async () => {
    for (;;) {
      try {
        return await client.post<RunAnswer>(path, body);
      } catch (error) {
        if (!AppError.is(error) || !NOT_YET.includes(error.code) || Date.now() >= until) throw error;
        await setTimeout(LOOK_EVERY_MS);
      }
    }
  });
}

async function waitForRun(session: Session, id: string): Promise<RunAnswer> {
  const path = session.path('training', 'runs', id);
  return session.progress(`run ${id}`).during(async (progress) => {
    for (;;) {
      const run = await session.client.get<RunAnswer>(path);
      if (FINISHED.includes(run.state)) return run;
      progress.update(progressOf(run), run.progress ? run.progress.done / run.progress.total : null);
      await setTimeout(LOOK_EVERY_MS);
    }
  });
}

/** What a run does right now, in a few words. */
export function progressOf({ state, progress }: Pick<RunAnswer, 'state' | 'progress'>): string {
  if (!progress) return state;
  const { step, done, total, learner } = progress;
  return `${words(step)} ${done} of ${total}${learner ? ` (${learner})` : ''}`;
}
