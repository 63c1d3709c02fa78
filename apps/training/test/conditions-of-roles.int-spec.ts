import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { TrainingServiceClient } from '@steward/contracts/generated/steward/training/v1/training';
import type { RunningService } from '@steward/service';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { lendingPipeline } from '../src/experiment/lending.factory';
import { PutPipeline } from '../src/pipelines/put-pipeline';
import { StartRun } from '../src/runs/start-run';
import { callerOf, PROJECT, TrainingHouse } from './support/training-house';

describe('roles with conditions, in the service that owns the objects', () => {
  let house: TrainingHouse;
  let running: RunningService;
  let stager: string;
  let owner: string;
  let tagged: string;
  const runs: Record<string, string> = {};

  beforeAll(async () => {
    house = await TrainingHouse.open();
    await house.registerContract('u-cid');
    await house.ingest({ file: 'initial.csv', source: 'upload' });
    const put = (name: string, ...rules: object[]) =>
      house.policy.put({ kind: 'role', value: { name, version: 1, rules: rules as never } });
    put('stager', {
      action: ['update'],
      subject: ['ModelAlias'],
      conditions: { alias: { $nin: ['champion'] } },
    });
    put('own-runs', { action: ['read', 'update'], subject: ['Run'], conditions: { createdBy: '$self' } });
    put('harmless', { action: ['read'], subject: ['Run'], conditions: { tags: { $ne: 'risky' } } });
    const bound = (role: string) => [{ role, project: PROJECT }];
    stager = house.policy.addPrincipal('sid', bound('stager'));
    owner = house.policy.addPrincipal('olga', bound('own-runs'));
    tagged = house.policy.addPrincipal('tess', bound('harmless'));
    running = await house.start({ works: false });
    for (const person of ['olga', 'mallory']) {
      const caller = callerOf(person);
      await running.app
        .get(PutPipeline)
        .put(caller, PROJECT, person, { ...lendingPipeline(), model: person });
      const run = await eventually(() => running.app.get(StartRun).start(caller, PROJECT, person, null));
      runs[person] = run.id;
    }
  });

  afterAll(() => house.close());

  const url = () => `http://127.0.0.1:${running.httpPort}/v1/projects/${PROJECT}`;
  const codeOf = async (call: request.Test): Promise<string> => {
    const { body } = await call;
    return (body as { code?: string }).code ?? 'done';
  };
  const move = (alias: string) =>
    codeOf(request(url()).put(`/models/approval/aliases/${alias}`).set('authorization', stager).send({}));
  const grpc = async (run: (client: TrainingServiceClient) => Promise<unknown>) => {
    const client = new TrainingServiceClient(`127.0.0.1:${running.grpcPort}`, credentials.createInsecure());
    const outcome = await run(client).then(
      () => 'done',
      (error: ServiceError) => String(error.metadata.get('steward-code')[0]),
    );
    client.close();
    return outcome;
  };
  const as = (credential: string): Metadata => {
    const metadata = new Metadata();
    metadata.set('authorization', credential);
    return metadata;
  };

  it('"may set aliases, but not champion": over HTTP and gRPC', async () => {
    // Allowed by the rule; that nobody moves an alias without an approval is said by training itself.
    expect(await move('staging')).toMatch(/^TRAINING\./);
    expect(await move('champion')).toMatch(/^ACCESS\./);
    const set = (alias: string) =>
      grpc(
        (client) =>
          new Promise((resolve, reject) =>
            client.setAlias(
              { project: PROJECT, model: 'approval', alias, version: 1 },
              as(stager),
              (error, answer) => (error ? reject(error) : resolve(answer)),
            ),
          ),
      );
    expect(await set('staging')).toMatch(/^TRAINING\./);
    expect(await set('champion')).toMatch(/^ACCESS\./);
    expect(await set('')).toMatch(/^ACCESS\./);
  });

  it('"own objects only": reads, lists and cancels one’s own runs and nobody else’s', async () => {
    const get = (path: string) => request(url()).get(path).set('authorization', owner);
    const { body } = await get('/runs').expect(200);
    expect((body as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual([runs['olga']]);
    await get(`/runs/${runs['olga']}`).expect(200);
    expect(await codeOf(get(`/runs/${runs['mallory']}`))).toBe('ACCESS.NOT_FOUND');
    const cancel = (id: string) => request(url()).post(`/runs/${id}/cancel`).set('authorization', owner);
    expect(await codeOf(cancel(runs['mallory']!))).toBe('ACCESS.NOT_FOUND');
    await cancel(runs['olga']!).expect(200);
    const rpc = (id: string) =>
      grpc(
        (client) =>
          new Promise((resolve, reject) =>
            client.getRun({ project: PROJECT, id }, as(owner), (error, answer) =>
              error ? reject(error) : resolve(answer),
            ),
          ),
      );
    expect(await rpc(runs['olga']!)).toBe('done');
    expect(await rpc(runs['mallory']!)).toBe('ACCESS.NOT_FOUND');
  });

  it('what an entry does not know counts against the caller', async () => {
    // Requests for retraining have no owner that a rule could name.
    const list = request(url()).get('/retrain-requests').set('authorization', owner);
    expect(await codeOf(list)).toBe('ACCESS.NOT_FOUND');
  });

  it('"not in projects tagged risky": from the moment on at which the tag is known', async () => {
    const list = () => request(url()).get('/runs').set('authorization', tagged);
    expect((await list().expect(200)).body).toMatchObject({ items: [{}, {}] });
    house.policy.put({ kind: 'project', value: { name: PROJECT, active: true, tags: ['risky'] } });
    await eventually(() => list().expect(404));
  });

  it('"what is tagged credit": pipelines, runs, models and their aliases, in lists and one by one', async () => {
    const subject = ['Pipeline', 'Run', 'Model', 'ModelAlias'];
    const rules = [{ action: ['read', 'update'], subject, conditions: { tags: 'credit' } }];
    house.policy.put({ kind: 'role', value: { name: 'credit', version: 1, rules } });
    const carl = house.policy.addPrincipal('carl', [{ role: 'credit', project: PROJECT }]);
    const objects = [
      { kind: 'pipeline', name: 'olga', tags: ['credit'] },
      { kind: 'model', name: 'olga', tags: ['credit', 'eu'] },
      { kind: 'dataset', name: 'mallory', tags: ['credit'] },
    ] as const;
    house.policy.put({ kind: 'project', value: { name: PROJECT, active: true, tags: [], objects } });
    const get = (path: string) => request(url()).get(path).set('authorization', carl);
    await eventually(() => get('/pipelines').expect(200));
    const named = async (path: string, field: string) =>
      ((await get(path).expect(200)).body as { items: Record<string, unknown>[] }).items.map(
        (item) => item[field],
      );
    expect(await named('/pipelines', 'pipeline')).toEqual(['olga']);
    expect(await named('/runs', 'pipeline')).toEqual(['olga']);
    expect(await named('/models', 'model')).toEqual([]);
    await get('/pipelines/olga').expect(200);
    expect(await codeOf(get('/pipelines/mallory'))).toBe('ACCESS.NOT_FOUND');
    await get(`/runs/${runs['olga']}`).expect(200);
    expect(await codeOf(get(`/runs/${runs['mallory']}`))).toBe('ACCESS.NOT_FOUND');
    expect(await codeOf(get('/models/olga'))).toBe('TRAINING.MODEL_NOT_FOUND');
    expect(await codeOf(get('/models/olga/versions/1'))).toMatch(/^TRAINING\./);
    expect(await codeOf(get('/models/mallory'))).toBe('ACCESS.NOT_FOUND');
    await get('/models/olga/aliases').expect(200);
    expect(await codeOf(get('/models/mallory/aliases'))).toBe('ACCESS.NOT_FOUND');
    const put = (pipeline: string) =>
      codeOf(request(url()).put(`/pipelines/${pipeline}`).set('authorization', carl).send({}));
    expect(await put('olga')).toMatch(/^TRAINING\./);
    expect(await put('mallory')).toBe('ACCESS.NOT_FOUND');
    expect(
      await grpc(
        (client) =>
          new Promise((resolve, reject) =>
            client.listModels({ project: PROJECT, limit: 0, after: '' }, as(carl), (error, answer) =>
              error ? reject(error) : resolve(answer),
            ),
          ),
      ),
    ).toBe('done');
  });

  it('"aliases, but not in production": by the environment that governance tells', async () => {
    const conditions = { environment: { $ne: 'production' } };
    const rules = [{ action: ['update'], subject: ['ModelAlias'], conditions }];
    house.policy.put({ kind: 'role', value: { name: 'tester', version: 1, rules } });
    const terry = house.policy.addPrincipal('terry', [{ role: 'tester', project: PROJECT }]);
    const move = () =>
      codeOf(request(url()).put('/models/olga/aliases/staging').set('authorization', terry).send({}));
    await eventually(async () => expect(await move()).toBe('ACCESS.NOT_FOUND'));
    house.policy.moveTo('staging');
    await eventually(async () => expect(await move()).toMatch(/^TRAINING\./));
    house.policy.moveTo('production');
    await eventually(async () => expect(await move()).toBe('ACCESS.NOT_FOUND'));
  });
});
