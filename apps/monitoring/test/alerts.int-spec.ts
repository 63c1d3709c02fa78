import {
  AlertRaised,
  AlertResolved,
  ApprovalDecided,
  ApprovalRequested,
  ApprovalVoided,
  AuditEntryRecorded,
  RetrainDeclined,
  RetrainRequested,
  RunChanged,
  WindowJudged,
} from '@steward/contracts';
import {
  MonitoringServiceClient,
  type PutMonitorResponse,
  type ListMonitorsResponse,
  type ListWindowsResponse,
  type GetWindowResponse,
  type ListAlertsResponse,
  type AcknowledgeAlertResponse,
} from '@steward/contracts/generated/steward/monitoring/v1/monitoring';
import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { newId, sha256 } from '@steward/kernel';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { MODEL, prediction, PROJECT } from './support/lending.factory';
import { MonitoringHouse } from './support/monitoring-house';

const digest = sha256('x');

describe('alerts and requests for retraining, on PostgreSQL', () => {
  let house: MonitoringHouse;
  let url: string;
  let engineer: string;
  let auditor: string;
  let stranger: string;
  let sent = 0;
  let at = 0;

  beforeAll(async () => {
    house = await MonitoringHouse.open();
    engineer = house.policy.addPrincipal('u-mo', [{ role: 'ml-engineer', project: PROJECT }]);
    auditor = house.policy.addPrincipal('u-aud', [{ role: 'auditor', project: PROJECT }]);
    stranger = house.policy.addPrincipal('u-else', [{ role: 'ml-engineer', project: 'other' }]);
    url = await house.start();
    await eventually(() => request(url).get('/health/ready').expect(200));
    await monitor(0);
    await house.alias(1);
  });

  afterAll(() => house.close(), 30_000);

  const monitor = (cooldownSeconds: number) =>
    request(url)
      .put(`/v1/projects/${PROJECT}/monitors/drift`)
      .set('authorization', engineer)
      .send({ model: MODEL, retrain: { on: ['drift'], cooldownSeconds } })
      .expect(200);
  const send = async (rows: number, options: { shifted?: boolean; version?: number } = {}) => {
    await house.predict(prediction(at, rows, options));
    at += rows;
    sent += rows;
    await house.counted(sent);
  };
  const requests = () =>
    house.rows<{ id: string; state: string }>('SELECT id, state FROM retrain_request ORDER BY id');
  const openRequest = async () => (await requests()).find(({ state }) => state === 'open')!.id;
  /** A full shifted window: it alarms, and asks for retraining where none is open. */
  const ask = async (version = 1): Promise<string> => {
    await send(300, { shifted: true, version });
    return openRequest();
  };
  const settled = (id: string, state: string) =>
    eventually(async () => expect(await requests()).toContainEqual({ id, state }));

  it('keep quiet while nothing moved', async () => {
    await send(600);
    expect(await house.rows('SELECT verdict FROM observation_window')).toEqual([
      { verdict: 'ok' },
      { verdict: 'ok' },
    ]);
    expect(await house.events(AlertRaised)).toEqual([]);
  });

  it('raise one alert, name the worst column first and ask for one retraining, however often a window alarms', async () => {
    await send(299, { shifted: true });
    expect(await house.rows('SELECT 1 FROM alert')).toEqual([]);
    await send(1, { shifted: true });
    await send(300, { shifted: true });
    const [raised, ...more] = await eventually(async () => {
      const found = await house.events(AlertRaised);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(more).toEqual([]);
    expect(raised).toMatchObject({ kind: 'drift', monitor: 'drift', modelVersion: 1 });
    expect(raised!.columns[0]).toBe('single');
    const judged = await eventually(async () => {
      const found = await house.events(WindowJudged);
      expect(found.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'alarm', 'alarm']);
      return found;
    });
    const asked = await eventually(async () => {
      const found = await house.events(RetrainRequested);
      expect(found).toHaveLength(1);
      return found[0]!;
    });
    expect(asked).toMatchObject({
      alertId: raised!.alertId,
      windowId: judged[2]!.windowId,
      windowRows: 300,
      membersDigest: judged[2]!.membersDigest,
    });
    expect(await house.rows('SELECT last_window_id FROM alert')).toEqual([
      { last_window_id: judged[3]!.windowId },
    ]);
  });

  it('show the alert, and let somebody acknowledge it, which is audited and closes nothing', async () => {
    const { body } = await request(url)
      .get(`/v1/projects/${PROJECT}/alerts?state=open`)
      .set('authorization', auditor)
      .expect(200);
    const [{ id }] = body.items as [{ id: string }];
    const acknowledge = (who: string, sentBody: object = { reason: 'seen' }) =>
      request(url)
        .post(`/v1/projects/${PROJECT}/alerts/${id}/acknowledge`)
        .set('authorization', who)
        .send(sentBody);
    expect((await acknowledge(stranger)).status).toBe(404);
    expect([403, 404]).toContain((await acknowledge(auditor)).status);
    await acknowledge(engineer, { reason: 7 }).expect(400);
    await acknowledge(engineer).expect(204);
    expect(await house.rows('SELECT state, acknowledged_by FROM alert')).toEqual([
      { state: 'open', acknowledged_by: 'u-mo' },
    ]);
    await eventually(async () => {
      const entries = await house.events(AuditEntryRecorded.monitoring);
      expect(entries.filter(({ action }) => action === 'alert.acknowledge')).toHaveLength(1);
      expect(entries.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['monitor.create', 'alert.raise', 'retraining.request']),
      );
    });
    await request(url)
      .post(`/v1/projects/${PROJECT}/alerts/nope/acknowledge`)
      .set('authorization', engineer)
      .send({})
      .expect(404);
  });

  it('do the same over gRPC', async () => {
    const client = new MonitoringServiceClient(house.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', engineer);
    const call = <Answer>(
      ask: (metadata: Metadata, done: (error: ServiceError | null, answer: Answer) => void) => unknown,
    ): Promise<Answer> =>
      new Promise((resolve, reject) => {
        ask(metadata, (error, answer) => (error ? reject(error) : resolve(answer)));
      });
    const page = { project: PROJECT, limit: 1, after: '' };
    const put = { project: PROJECT, monitor: 'second', definition: 'model: nothing-served' };
    const { monitor: made } = await call<PutMonitorResponse>((held, done) =>
      client.putMonitor(put, held, done),
    );
    expect(made).toMatchObject({ monitor: 'second', version: 1, changedBy: 'u-mo' });
    await expect(
      call<PutMonitorResponse>((held, done) => client.putMonitor({ ...put, definition: '[' }, held, done)),
    ).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
    const { monitors } = await call<ListMonitorsResponse>((held, done) =>
      client.listMonitors({ project: PROJECT }, held, done),
    );
    expect(monitors.map(({ monitor: name }) => name)).toEqual(['drift', 'second']);
    const { windows, next } = await call<ListWindowsResponse>((held, done) =>
      client.listWindows({ ...page, monitor: 'drift' }, held, done),
    );
    expect(windows).toMatchObject([{ state: 'judged', verdict: 'alarm', rows: 300 }]);
    expect(next).toBe(windows[0]!.id);
    const one = await call<GetWindowResponse>((held, done) =>
      client.getWindow({ project: PROJECT, id: next }, held, done),
    );
    expect(JSON.parse(one.reportJson)).toMatchObject({ drift: { verdict: 'alert' } });
    const { alerts } = await call<ListAlertsResponse>((held, done) =>
      client.listAlerts({ ...page, state: 'open' }, held, done),
    );
    expect(alerts).toMatchObject([{ kind: 'drift', state: 'open', acknowledgedBy: 'u-mo' }]);
    await call<AcknowledgeAlertResponse>((held, done) =>
      client.acknowledgeAlert({ project: PROJECT, id: alerts[0]!.id, reason: '' }, held, done),
    );
    for (const wrong of [{ state: 'odd' }, { limit: 201 }, { after: '\u0000' }])
      await expect(
        call<ListAlertsResponse>((held, done) =>
          client.listAlerts({ ...page, state: '', ...wrong }, held, done),
        ),
      ).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
      });
    await expect(
      call<GetWindowResponse>((held, done) => client.getWindow({ project: PROJECT, id: 'nope' }, held, done)),
    ).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
    client.close();
  });

  const payload = (requestId: string, retrainId: string | null) => ({
    requestId,
    model: MODEL,
    version: 2,
    digest,
    alias: 'champion',
    replaces: digest,
    runId: newId(),
    evaluationDigest: digest,
    trigger: 'alert' as const,
    retrainId,
    figures: {},
    sensitiveInputs: [],
    comparison: null,
    excluded: [],
  });
  const requested = (requestId: string, retrainId: string | null) =>
    house.training.say(ApprovalRequested, {
      subject: `${PROJECT}/${MODEL}`,
      project: PROJECT,
      payload: payload(requestId, retrainId),
    });
  const decided = (requestId: string, decision: 'granted' | 'rejected' | 'expired') =>
    house.governance.say(ApprovalDecided, {
      subject: `${PROJECT}/${MODEL}`,
      project: PROJECT,
      payload: {
        requestId,
        decision,
        model: MODEL,
        version: 2,
        digest,
        alias: 'champion',
        replaces: digest,
        approvers: [],
        waivers: [],
      },
    });

  it.each(['rejected', 'expired'] as const)('ask again after the approval was %s', async (decision) => {
    const retrainId = await openRequest();
    const requestId = newId();
    await requested(requestId, retrainId);
    await decided(requestId, decision);
    await settled(retrainId, 'failed');
    expect(await ask()).not.toBe(retrainId);
  });

  it('hear of a rejection before of the approval that it ends', async () => {
    const retrainId = await openRequest();
    const requestId = newId();
    await decided(requestId, 'rejected');
    await eventually(async () =>
      expect(
        await house.rows('SELECT 1 FROM retraining_approval WHERE request_id = $1', [requestId]),
      ).toHaveLength(1),
    );
    await requested(requestId, retrainId);
    await settled(retrainId, 'failed');
    await ask();
  });

  it('ask again after a granted approval was voided, and not before', async () => {
    const retrainId = await openRequest();
    const requestId = newId();
    await requested(requestId, retrainId);
    await decided(requestId, 'granted');
    await house.training.say(ApprovalVoided, {
      subject: `${PROJECT}/${MODEL}`,
      project: PROJECT,
      payload: { requestId, model: MODEL, code: 'TRAINING.CHAMPION_CHANGED' },
    });
    await settled(retrainId, 'failed');
    await ask();
  });

  it('ask again after training declined or its run failed', async () => {
    const declined = await openRequest();
    await house.training.say(RetrainDeclined, {
      subject: `${PROJECT}/${MODEL}`,
      project: PROJECT,
      payload: { retrainId: declined, model: MODEL, reason: 'TRAINING.RETRAIN_ALREADY_OPEN' },
    });
    await settled(declined, 'failed');
    const failed = await ask();
    await house.training.say(RunChanged, {
      subject: 'run',
      project: PROJECT,
      payload: {
        runId: newId(),
        pipeline: 'approval',
        pipelineDigest: digest,
        dataset: 'applications',
        datasetVersion: 1,
        datasetDigest: digest,
        state: 'failed',
        trigger: 'alert',
        retrainId: failed,
        failure: 'TRAINING.RUN_FAILED',
      },
    });
    await settled(failed, 'failed');
  });

  it('wait for the cool-down', async () => {
    await monitor(3_600);
    const before = await requests();
    await send(300, { shifted: true });
    expect(await requests()).toEqual(before);
    expect(before.every(({ state }) => state !== 'open')).toBe(true);
    await monitor(0);
    await ask();
  });

  it('resolve by a full window against the new reference alone, never because the alias moved', async () => {
    const retrainId = await openRequest();
    await house.alias(2, { shifted: true });
    await settled(retrainId, 'answered');
    await send(299, { shifted: true, version: 2 });
    expect(await house.rows('SELECT state FROM alert')).toEqual([{ state: 'open' }]);
    expect(await house.events(AlertResolved)).toEqual([]);
    await send(1, { shifted: true, version: 2 });
    const [resolved] = await eventually(async () => {
      const found = await house.events(AlertResolved);
      expect(found).toHaveLength(1);
      return found;
    });
    const [window] = await house.rows<{
      id: string;
      report: { drift: object; previousDrift: { verdict: string } };
    }>(`SELECT id, report FROM observation_window WHERE model_version = 2 AND state = 'judged'`);
    expect(resolved!.windowId).toBe(window!.id);
    // Against the old reference the same window still alarms.
    expect(window!.report).toMatchObject({
      drift: { verdict: 'no_alert' },
      previousDrift: { verdict: 'alert' },
    });
    expect(await house.events(AlertRaised)).toHaveLength(1);
  });

  it('are told apart by their model, and by what it is tagged with, with their monitors and windows', async () => {
    house.policy.tagObjects(PROJECT, { kind: 'model', name: MODEL, tags: ['risky'] });
    const bound = (name: string, conditions: object): string => {
      const rule = { action: ['read', 'update', 'acknowledge'], subject: ['Monitor', 'Alert'], conditions };
      house.policy.put({ kind: 'role', value: { name, version: 1, rules: [rule] as never } });
      return house.policy.addPrincipal(`u-${name}`, [{ role: name, project: PROJECT }]);
    };
    const harmless = bound('harmless', { tags: { $ne: 'risky' } });
    const ofModel = bound('of-model', { model: MODEL });
    const get = async (who: string, path: string) => {
      const { body, status: code } = await request(url)
        .get(`/v1/projects/${PROJECT}/${path}`)
        .set('authorization', who);
      return { code, items: (body as { items?: Record<string, string>[] }).items };
    };
    const put = (who: string, name: string, model: string) =>
      request(url).put(`/v1/projects/${PROJECT}/monitors/${name}`).set('authorization', who).send({ model });
    const idOfFirst = async (list: string): Promise<string> => (await get(engineer, list)).items![0]!['id']!;
    const window = await idOfFirst('windows');
    const alert = await idOfFirst('alerts');
    const one = ['monitors/drift', `windows/${window}`, `windows/${window}/held-decisions`];

    await eventually(async () =>
      expect((await get(ofModel, 'monitors')).items?.map(({ name }) => name)).toEqual(['drift']),
    );
    expect((await get(ofModel, 'windows')).items).not.toEqual([]);
    expect((await get(ofModel, 'observed')).items).not.toEqual([]);
    for (const path of one) expect((await get(ofModel, path)).code).toBe(200);
    expect((await get(harmless, 'monitors')).items!.map(({ name }) => name)).toEqual(['second']);
    for (const list of ['windows', 'alerts', 'observed'])
      expect(await get(harmless, list)).toEqual({ code: 200, items: [] });
    for (const path of one) expect((await get(harmless, path)).code).toBe(404);

    // Neither made to watch what one may not see, nor taken away from it.
    await put(harmless, 'second', MODEL).expect(404);
    await put(harmless, 'drift', 'nothing-served').expect(404);
    await put(ofModel, 'drift', 'nothing-served').expect(404);
    await put(harmless, 'second', 'nothing-served').expect(200);
    const acknowledge = (who: string) =>
      request(url)
        .post(`/v1/projects/${PROJECT}/alerts/${alert}/acknowledge`)
        .set('authorization', who)
        .send({});
    await acknowledge(harmless).expect(404);
    await acknowledge(ofModel).expect(204);

    const client = new MonitoringServiceClient(house.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', harmless);
    const seen = await new Promise<ListAlertsResponse>((resolve, reject) => {
      client.listAlerts({ project: PROJECT, limit: 10, after: '', state: '' }, metadata, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
    expect(seen.alerts).toEqual([]);
    client.close();
  });
});
