import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { AuditEntryRecorded, ModelVersionRegistered, RunChanged } from '@steward/contracts';
import { eventually } from '@steward/testing';
import type { RunningService } from '@steward/service';
import { lendingPipeline } from '../src/experiment/lending.factory';
import { PutPipeline } from '../src/pipelines/put-pipeline';
import { MoveRun } from '../src/runs/move-run';
import { StartRun } from '../src/runs/start-run';
import { SOURCE_ARGUMENTS } from './support/source-arguments';
import { callerOf, PROJECT, TrainingHouse } from './support/training-house';

interface RunRow {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly failure: string | null;
  readonly progress: { readonly step: string; readonly done: number } | null;
}

const MAIN = join(__dirname, '..', 'src', 'main.ts');

/** Long enough to be met in the middle of its work. */
const slowPipeline = (model: string) => ({
  ...lendingPipeline(),
  model,
  learners: [{ kind: 'gbm', params: { trees: 3_000, leaves: 31, learningRate: 0.01, minimumLeafRows: 2 } }],
});

describe('a worker that is killed', () => {
  let house: TrainingHouse;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    house = await TrainingHouse.open();
    await house.registerContract('u-cid');
    await house.ingest({ file: 'initial.csv', source: 'upload' });
  });

  afterAll(async () => {
    child?.kill('SIGKILL');
    await house.close();
  });

  /** The service as the supervisor runs it: a process of its own. */
  const startProcess = (): Promise<ChildProcess> =>
    new Promise((resolve, reject) => {
      const started = fork(MAIN, {
        execArgv: SOURCE_ARGUMENTS,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: {
          ...process.env,
          STEWARD_TRAINING_DATABASE_URL: house.database.urlOf('training'),
          STEWARD_DATA_DIR: house.folder,
          STEWARD_LOG_LEVEL: 'error',
        },
      });
      started.once('message', () => resolve(started));
      started.once('exit', (code) => reject(new Error(`The process ended with ${code}.`)));
    });

  const runRow = async (id: string): Promise<RunRow> =>
    (
      await house.rows<RunRow>('SELECT id, state, attempt, failure, progress FROM runs WHERE id = $1', [id])
    )[0]!;

  const begin = async (running: RunningService, model: string) => {
    await eventually(async () => expect(await house.rows('SELECT 1 FROM dataset_versions')).toHaveLength(1));
    const caller = callerOf('u-eva');
    await running.app.get(PutPipeline).put(caller, PROJECT, model, slowPipeline(model));
    return await eventually(() => running.app.get(StartRun).start(caller, PROJECT, model, null));
  };

  const inTheMiddle = (id: string) =>
    eventually(
      async () => {
        const row = await runRow(id);
        expect(row.state).toBe('running');
        expect(row.progress?.step).toBe('cross_validating');
        return row;
      },
      { withinMs: 30_000 },
    );

  it('is noticed, and another worker ends the run once', async () => {
    child = await startProcess();
    // The process in this test answers, but works nothing off until the other one holds the job.
    const running = await house.start({ works: false });
    const run = await begin(running, 'killed');
    expect((await inTheMiddle(run.id)).attempt).toBe(1);
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    const killedAt = Date.now();
    await house.start();
    await eventually(async () => expect((await runRow(run.id)).attempt).toBe(2), { withinMs: 25_000 });
    process.stdout.write(`A killed worker was noticed after ${Date.now() - killedAt} ms.\n`);
    await eventually(async () => expect((await runRow(run.id)).state).toBe('succeeded'), {
      withinMs: 60_000,
    });
    const registered = await house.waitForEvents(ModelVersionRegistered, 1);
    expect(registered.filter(({ descriptor }) => descriptor.runId === run.id)).toHaveLength(1);
    const states = (await house.events(RunChanged))
      .filter(({ runId }) => runId === run.id)
      .map(({ state }) => state);
    expect(states).toEqual(['queued', 'running', 'succeeded']);
    await eventually(async () => {
      const actions = (await house.events(AuditEntryRecorded.training))
        .filter(({ object }) => object.id === run.id)
        .map(({ action }) => action);
      expect(actions).toEqual(['run.start', 'run.begin', 'run.retry', 'run.succeed']);
    });
  }, 150_000);

  it('leaves a run that is cancelled in the middle cancelled, and frees the thread', async () => {
    const running = await house.start();
    const run = await begin(running, 'cancelled');
    await inTheMiddle(run.id);
    await running.app.get(MoveRun).cancel(callerOf('u-eva'), PROJECT, run.id);
    const next = await begin(running, 'next');
    // One run at a time: the next one begins only when the cancelled one has let go.
    await eventually(async () => expect((await runRow(next.id)).state).toBe('running'), { withinMs: 30_000 });
    expect(await runRow(run.id)).toMatchObject({ state: 'cancelled', attempt: 1 });
    await running.app.get(MoveRun).cancel(callerOf('u-eva'), PROJECT, next.id);
    expect(await house.rows(`SELECT 1 FROM model_versions WHERE model = 'cancelled'`)).toEqual([]);
  });
});
