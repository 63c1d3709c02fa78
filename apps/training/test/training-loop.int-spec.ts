import {
  AliasChanged,
  ApprovalDecided,
  ApprovalRequested,
  ApprovalVoided,
  AuditEntryRecorded,
  ModelVersionRegistered,
  MonitorChanged,
  PipelineChanged,
  PromotionRequested,
  RetrainRequested,
  RolloutChanged,
  RunChanged,
  type PayloadOf,
} from '@steward/contracts';
import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import {
  TrainingServiceClient,
  type ListRunsResponse,
} from '@steward/contracts/generated/steward/training/v1/training';
import { SystemColumns } from '@steward/delta';
import { newId, sha256 } from '@steward/kernel';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { lendingPipeline } from '../src/experiment/lending.factory';
import { PutPipeline } from '../src/pipelines/put-pipeline';
import { StartRun } from '../src/runs/start-run';
import type { RunningService } from '@steward/service';
import { callerOf, PROJECT, TrainingHouse } from './support/training-house';

type Asked = PayloadOf<typeof ApprovalRequested>;

describe('training in the loop, on PostgreSQL', () => {
  let house: TrainingHouse;
  let running: RunningService;
  let url: string;
  let engineer: string;

  beforeAll(async () => {
    house = await TrainingHouse.open();
    engineer = house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]);
    running = await house.start();
    url = `http://127.0.0.1:${running.httpPort}`;
    await eventually(() => request(url).get('/health/ready').expect(200));
  });

  afterAll(() => house.close(), 30_000);

  const get = (path: string) =>
    request(url).get(`/v1/projects/${PROJECT}${path}`).set('authorization', engineer);

  /** Governance's answer to a request for approval. */
  const decide = (asked: Asked, change: Partial<PayloadOf<typeof ApprovalDecided>> = {}) =>
    house.governance.say(ApprovalDecided, {
      subject: `${PROJECT}/${asked.model}`,
      project: PROJECT,
      payload: {
        requestId: asked.requestId,
        decision: 'granted',
        model: asked.model,
        version: asked.version,
        digest: asked.digest,
        alias: asked.alias,
        replaces: asked.replaces,
        approvers: ['u-ann'],
        waivers: [],
        ...change,
      },
    });

  /** A monitor's alert. */
  const retrain = (retrainId: string, members: { digest: string }) =>
    house.monitoring.say(RetrainRequested, {
      subject: `${PROJECT}/approval`,
      project: PROJECT,
      actor: 'u-caller',
      payload: {
        retrainId,
        alertId: newId(),
        model: 'approval',
        modelVersion: 1,
        dataset: 'applications',
        windowId: newId(),
        windowRows: 300,
        membersDigest: members.digest,
        minimumLabelledRows: 200,
      },
    });

  const champion = async () => {
    const { body } = await get('/models/approval/aliases').expect(200);
    return body as { current: { version: number; digest: string }[]; history: unknown[] };
  };

  it('registers a pipeline, once', async () => {
    await house.registerContract('u-cid');
    await house.ingest({ file: 'initial.csv', source: 'upload' });
    await eventually(async () => {
      expect(await house.rows('SELECT 1 FROM dataset_versions')).toHaveLength(1);
      expect(await house.rows('SELECT 1 FROM contracts')).toHaveLength(1);
    });
    const put = () =>
      request(url)
        .put(`/v1/projects/${PROJECT}/pipelines/approval`)
        .set('authorization', engineer)
        .send(lendingPipeline());
    const first = await put().expect(200);
    expect(first.body).toMatchObject({ version: 1, changedBy: 'u-eva' });
    expect((await put().expect(200)).body).toEqual(first.body);
    expect(await house.waitForEvents(PipelineChanged, 1)).toEqual([
      expect.objectContaining({ pipelineVersion: 1, changedBy: 'u-eva', digest: first.body.digest }),
    ]);
    for (const inputs of [['deny'], ['pir\u0000at'], 'pirat', [7], []]) {
      await put()
        .send({ ...lendingPipeline(), inputs })
        .expect(400);
    }
    await put()
      .send({ ...lendingPipeline(), dataset: 'unknown-yet', inputs: ['pir\u0000at'] })
      .expect(400);
  });

  it('trains, registers, and asks for an approval that its makers may not give', async () => {
    await house.monitoring.say(MonitorChanged, {
      subject: `${PROJECT}/drift`,
      project: PROJECT,
      payload: {
        monitor: 'drift',
        model: 'approval',
        monitorVersion: 1,
        digest: sha256('m'),
        changedBy: 'u-mo',
      },
    });
    await eventually(async () => expect(await house.rows('SELECT 1 FROM monitors')).toHaveLength(1));
    const started = await request(url)
      .post(`/v1/projects/${PROJECT}/pipelines/approval/runs`)
      .set('authorization', engineer)
      .expect(202);
    expect(started.body).toMatchObject({ state: 'queued', trigger: 'person', datasetVersion: 1 });
    const run = await eventually(
      async () => {
        const { body } = await get(`/runs/${started.body.id}`).expect(200);
        expect(body.state).toBe('succeeded');
        return body;
      },
      { withinMs: 60_000 },
    );
    expect(run.result.metrics.auc).toBeGreaterThan(0.7);
    expect(run.attempt).toBe(1);
    const [asked] = await house.waitForEvents(ApprovalRequested, 1);
    expect(asked).toMatchObject({
      model: 'approval',
      version: 1,
      alias: 'champion',
      replaces: null,
      digest: run.result.digest,
      sensitiveInputs: [],
      comparison: null,
      excluded: [
        { person: 'u-cid', because: 'changed_contract' },
        { person: 'u-mo', because: 'changed_monitor' },
        { person: 'u-eva', because: 'changed_pipeline' },
        { person: 'u-eva', because: 'started_run' },
      ],
    });
    expect(asked!.figures['auc']).toBe(run.result.metrics.auc);
    expect(asked!.figures['demographicParityRatio']).toEqual(expect.any(Number));
    const [registered] = await house.waitForEvents(ModelVersionRegistered, 1);
    expect(registered!.descriptor).toMatchObject({
      version: 1,
      classes: ['no', 'yes'],
      favourable: 'no',
      groups: ['afam'],
    });
    const states = (await house.waitForEvents(RunChanged, 3)).map(({ state }) => state);
    expect(states).toEqual(['queued', 'running', 'succeeded']);
  });

  it('hands out the ONNX file, the reference and the evaluation', async () => {
    const onnx = await get('/models/approval/versions/1/onnx').buffer(true).expect(200);
    const { body } = await get('/models/approval/versions/1').expect(200);
    expect(sha256(onnx.body as Buffer)).toBe(body.digest);
    expect((await get('/models/approval/versions/1/evaluation').expect(200)).body.learners).toHaveLength(2);
    expect(
      (await get('/models/approval/versions/1/reference').expect(200)).body.columns.length,
    ).toBeGreaterThan(10);
    await get('/models/approval/versions/2').expect(404);
  });

  it('does not let anybody move an alias by hand, and records the attempt', async () => {
    const answer = await request(url)
      .put(`/v1/projects/${PROJECT}/models/approval/aliases/champion`)
      .set('authorization', engineer)
      .send({ version: 1 });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'TRAINING.ALIAS_PROTECTED' });
    expect((await champion()).current).toEqual([]);
    await eventually(async () => {
      const entries = await house.events(AuditEntryRecorded.training);
      expect(entries).toContainEqual(expect.objectContaining({ action: 'alias.move', outcome: 'refused' }));
    });
  });

  it('moves the alias on a grant that names the digest, and voids one that does not', async () => {
    const [asked] = await house.events(ApprovalRequested);
    await decide({ ...asked!, requestId: newId() });
    expect(await house.waitForEvents(ApprovalVoided, 1)).toEqual([
      expect.objectContaining({ code: 'TRAINING.APPROVAL_UNKNOWN' }),
    ]);
    expect((await champion()).current).toEqual([]);
    await decide(asked!);
    const [moved] = await house.waitForEvents(AliasChanged, 1);
    expect(moved).toMatchObject({
      alias: 'champion',
      previous: null,
      approvers: ['u-ann'],
      requestId: asked!.requestId,
    });
    expect((await champion()).current).toEqual([
      expect.objectContaining({ version: 1, digest: asked!.digest }),
    ]);
  });

  it('waits for outcomes, then retrains on its own, compares, and asks again', async () => {
    const predictions = Array.from({ length: 375 }, (_, i) => `p1/${i}`);
    const members = await house.artifacts.put(Buffer.from(JSON.stringify(predictions.slice(0, 300))));
    const first = newId();
    await retrain(first, members);
    await eventually(async () => {
      const { body } = await get('/retrain-requests').expect(200);
      expect(body.items).toEqual([
        expect.objectContaining({
          retrainId: first,
          state: 'waiting_for_outcomes',
          checkedVersion: 1,
          labelledRows: 0,
        }),
      ]);
      expect(body.items[0].explanation).toContain('Waits for outcomes: 0 of the 200');
    });
    await retrain(newId(), members);
    await eventually(async () => {
      const declined = await house.rows<{ reason: string }>(
        `SELECT reason FROM retrain_requests WHERE state = 'declined'`,
      );
      expect(declined).toEqual([{ reason: 'TRAINING.RETRAIN_ALREADY_OPEN' }]);
    });
    const batch = await house.ingest({ file: 'shifted-a.csv', source: 'labelled' });
    expect(batch.columns[SystemColumns.prediction]![0]).toBe('p1/0');
    const asked = (await house.waitForEvents(ApprovalRequested, 2, 90_000))[1]!;
    const [moved] = await house.events(AliasChanged);
    expect(asked).toMatchObject({
      trigger: 'alert',
      retrainId: first,
      version: 2,
      replaces: moved!.descriptor.digest,
    });
    expect(asked.comparison!.rows).toBeGreaterThan(200);
    expect(asked.comparison!.championAuc).toEqual(expect.any(Number));
    expect(asked.excluded).toContainEqual({ person: 'u-caller', because: 'started_run' });
    const [request_] = await house.rows<{ state: string; labelled_rows: number }>(
      `SELECT state, labelled_rows FROM retrain_requests WHERE retrain_id = $1`,
      [first],
    );
    expect(request_).toEqual({ state: 'answered', labelled_rows: 300 });
    const { body } = await get('/models/approval/versions/2/evaluation').expect(200);
    expect(body.reference).toEqual({ from: 'newest_labelled_rows', rows: 300 });
  }, 120_000);

  it('voids an approval whose champion was replaced in the meantime', async () => {
    const second = (await house.events(ApprovalRequested))[1]!;
    // A third version is asked for and granted first.
    const run = await running.app.get(StartRun).start(callerOf('u-eva'), PROJECT, 'approval', 2);
    const asked = (await house.waitForEvents(ApprovalRequested, 3, 90_000))[2]!;
    expect(asked.runId).toBe(run.id);
    // A request about the old champion that still waits has no point once the champion is another.
    const waiting = newId();
    await retrain(waiting, await house.artifacts.put(Buffer.from('["nowhere/0"]')));
    const stateOf = async () =>
      (
        await house.rows<{ state: string; reason: string | null }>(
          `SELECT state, reason FROM retrain_requests WHERE retrain_id = $1`,
          [waiting],
        )
      )[0];
    await eventually(async () =>
      expect(await stateOf()).toEqual({ state: 'waiting_for_outcomes', reason: null }),
    );
    await decide(asked);
    await house.waitForEvents(AliasChanged, 2);
    expect(await stateOf()).toEqual({ state: 'declined', reason: 'TRAINING.CHAMPION_CHANGED' });
    await decide(second);
    const voided = (await house.waitForEvents(ApprovalVoided, 2))[1];
    expect(voided).toMatchObject({ requestId: second.requestId });
    // Both runs had the same inputs and so the same bytes: the model that replaced the champion has its own digest.
    expect(voided!.code).toBe('TRAINING.CHAMPION_CHANGED');
    expect((await champion()).history).toHaveLength(2);
  }, 120_000);

  it('asks for a canary of an old version, for its promotion when inference says so, and takes that back', async () => {
    const first = await get('/models/approval/versions/1').expect(200);
    const ask = (alias: string, version = 1) =>
      request(url)
        .post(`/v1/projects/${PROJECT}/models/approval/versions/${version}/approval-requests`)
        .set('authorization', engineer)
        .send({ alias });
    await ask('not a name').expect(400);
    await ask('canary', 99).expect(404);
    await ask('champion', 3).expect(409);
    const { body } = await ask('canary').expect(201);
    expect((await ask('canary').expect(201)).body.requestId).toBe(body.requestId);
    const canary = (await house.waitForEvents(ApprovalRequested, 4))[3]!;
    expect(canary).toMatchObject({ alias: 'canary', version: 1, replaces: null, requestId: body.requestId });
    expect(canary.excluded).toContainEqual({ person: 'u-eva', because: 'requested_promotion' });
    expect(canary.figures['auc']).toEqual(expect.any(Number));
    await decide(canary);
    expect((await house.waitForEvents(AliasChanged, 3))[2]).toMatchObject({
      alias: 'canary',
      previous: null,
    });

    const now = (await champion()).current.find((one) => (one as { alias?: string }).alias === 'champion')!;
    const promotion = {
      rolloutId: newId(),
      model: 'approval',
      version: 1,
      digest: first.body.digest as string,
      replaces: now.digest,
      requestedBy: 'u-pat',
      figures: { outcomes: -0.02 },
    };
    const promote = (change: object = {}) =>
      house.inference.say(PromotionRequested, {
        subject: `${PROJECT}/approval`,
        project: PROJECT,
        payload: { ...promotion, ...change },
      });
    await promote({ replaces: canary.digest });
    await promote();
    await promote();
    const asked = (await house.waitForEvents(ApprovalRequested, 5))[4]!;
    expect(asked).toMatchObject({ alias: 'champion', version: 1, replaces: now.digest });
    expect(asked.figures['canary.outcomes']).toBe(-0.02);
    expect(asked.excluded).toContainEqual({ person: 'u-pat', because: 'requested_promotion' });
    await house.inference.say(RolloutChanged, {
      subject: `${PROJECT}/approval`,
      project: PROJECT,
      payload: {
        rolloutId: promotion.rolloutId,
        model: 'approval',
        version: 1,
        digest: promotion.digest,
        championDigest: now.digest,
        state: 'rolled_back',
        step: 2,
        percent: 0,
        reason: 'outcomes',
      },
    });
    expect((await house.waitForEvents(ApprovalVoided, 3))[2]).toMatchObject({
      requestId: asked.requestId,
      code: 'TRAINING.CANARY_ROLLED_BACK',
    });
    await decide(asked);
    expect((await champion()).history).toHaveLength(3);
    expect(await house.events(ApprovalRequested)).toHaveLength(5);
    const entries = await house.events(AuditEntryRecorded.training);
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: 'approval.request',
        outcome: 'refused',
        details: expect.objectContaining({ code: 'TRAINING.CHAMPION_CHANGED' }),
      }),
    );
  });

  it('answers over gRPC as over HTTP', async () => {
    const client = new TrainingServiceClient(`127.0.0.1:${running.grpcPort}`, credentials.createInsecure());
    const who = new Metadata();
    who.set('authorization', engineer);
    const page = { project: PROJECT, limit: 2, after: '', pipeline: '' };
    const { runs, next } = await new Promise<ListRunsResponse>((resolve, reject) => {
      client.listRuns(page, who, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    const { body } = await get('/runs?limit=2').expect(200);
    expect(runs.map(({ id }) => id)).toEqual(body.items.map(({ id }: { id: string }) => id));
    expect(next).toBe(body.next);
    expect(runs[0]).toMatchObject({ state: 'succeeded', model: 'approval', modelVersion: 3 });
    const alias = { project: PROJECT, model: 'approval', alias: 'champion', version: 1 };
    const refused = await new Promise<ServiceError | null>((resolve) => {
      client.setAlias(alias, who, (error) => resolve(error));
    });
    expect(refused).toMatchObject({ code: status.PERMISSION_DENIED });
    const definition = { project: PROJECT, pipeline: 'p', definition: 'folds: [' };
    const bad = await new Promise<ServiceError | null>((resolve) => {
      client.putPipeline(definition, who, (error) => resolve(error));
    });
    expect(bad).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('neither YAML nor JSON'),
    });
    client.close();
  });

  it.each([
    '/models/a%00b',
    '/models?after=%00',
    '/models/a%00b/aliases',
    '/models/approval/versions/0',
    '/models/approval/versions/99999999999',
    '/models/approval/versions/1e3',
    '/models/approval/versions?after=x',
    '/pipelines/%00',
    '/pipelines?after=%00',
    '/runs?after=7',
    '/runs?pipeline=%00',
    '/runs/7',
    '/runs/%00',
    '/retrain-requests?after=%00',
    '/retrain-requests?limit=0',
  ])('answers %s with a clear refusal', async (path) => {
    const { status: code, body } = await get(path);
    expect([200, 400, 404]).toContain(code);
    if (code !== 200) expect(body).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
  });

  it('shows its figures at /metrics', async () => {
    const { text } = await request(url).get('/metrics').expect(200);
    expect(text).toMatch(/steward_training_runs\{state="succeeded"[^}]*\} 3/);
    expect(text).toMatch(/steward_training_model_auc\{learner="gbm"[^}]*\} 0\.\d+/);
    expect(text).toMatch(/steward_training_run_duration_seconds_count\{[^}]*outcome="succeeded"[^}]*\} 3/);
  });

  it('goes on after all its connections were cut', async () => {
    await house.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE usename = 'steward_training' AND datname = current_database()`,
    );
    const run = await eventually(() =>
      running.app.get(StartRun).start(callerOf('u-eva'), PROJECT, 'approval', 1),
    );
    await eventually(
      async () => expect((await get(`/runs/${run.id}`).expect(200)).body.state).toBe('succeeded'),
      {
        withinMs: 60_000,
      },
    );
    await eventually(() => request(url).get('/health/ready').expect(200));
  });

  it('fails a run that cannot succeed with a sentence, and goes on', async () => {
    const caller = callerOf('u-eva');
    const pipeline = { ...lendingPipeline(), folds: 20, learners: [{ kind: 'logistic' }], holdOut: 0.5 };
    await running.app.get(PutPipeline).put(caller, PROJECT, 'too-thin', { ...pipeline, model: 'thin' });
    // The table that the event named is gone.
    await house.rows(`UPDATE dataset_versions SET delta_version = 99 WHERE version = 1`);
    const ghost = await running.app.get(StartRun).start(caller, PROJECT, 'too-thin', 1);
    await eventually(async () => {
      const { body } = await get(`/runs/${ghost.id}`).expect(200);
      expect(body).toMatchObject({ state: 'failed', failure: 'DELTA.VERSION_NOT_FOUND', attempt: 1 });
      expect(body.failureMessage).toMatch(/version/);
    });
    await house.rows(`UPDATE dataset_versions SET delta_version = 0 WHERE version = 1`);
    const next = await running.app.get(StartRun).start(caller, PROJECT, 'too-thin', 1);
    await eventually(
      async () => expect((await get(`/runs/${next.id}`).expect(200)).body.state).toBe('succeeded'),
      {
        withinMs: 60_000,
      },
    );
  });
});
