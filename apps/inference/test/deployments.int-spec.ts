import { credentials, Metadata } from '@grpc/grpc-js';
import {
  AuditEntryRecorded,
  DeploymentChanged,
  DeploymentPlanChanged,
  PromotionRequested,
  RolloutChanged,
  RolloutObserved,
  type PredictionLoggedMessage,
} from '@steward/contracts';
import { InferenceServiceClient } from '@steward/contracts/generated/steward/inference/v1/inference';
import { scorerFromOnnx, type Scorer } from '@steward/onnx';
import { eventsInLog, eventually } from '@steward/testing';
import request from 'supertest';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { descriptorOf, smallModel } from './support/small-model.factory';

const MODEL = 'approval';
const NAME = `${PROJECT}.${MODEL}`;
const subject = (n: number): string => `sub_${String(n).padStart(32, '0')}`;

describe('deployments, on PostgreSQL', () => {
  let house: InferenceHouse;
  let url: string;
  let engineer: string;
  let machine: string;
  let truth: Scorer;
  const models = [1, 2, 3, 4].map(smallModel);
  const [first, second, third, fourth] = models as [Buffer, Buffer, Buffer, Buffer];
  /** Says yes to everybody: a worse model under the digest of its own bytes. */
  const worse = descriptorOf(2, second, { decisionThreshold: 0 });
  const sound = descriptorOf(3, third);

  beforeAll(async () => {
    house = await InferenceHouse.open();
    engineer = house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]);
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    machine = `Bearer ${house.policy.addApiKey('m-app')}`;
    for (const model of models) await house.artifacts.put(model);
    truth = scorerFromOnnx(first)!;
    url = await house.start();
    await eventually(() => request(url).get('/health/ready').expect(200));
    await house.alias(descriptorOf(1, first));
    await eventually(() => predict(0).expect(200));
  });

  afterAll(() => house.close());

  const row = (n: number) => ({ pirat: ((n * 37) % 101) / 101, single: n % 3 === 0 ? 'yes' : 'no' });
  const predict = (n: number, rest: { subject?: string; version?: number } = {}) => {
    const { pirat, single } = row(n);
    const at = rest.version === undefined ? '' : `/versions/${rest.version}`;
    return request(url)
      .post(`/v2/models/${NAME}${at}/infer`)
      .set('authorization', machine)
      .send({
        ...(rest.subject === undefined ? {} : { parameters: { subject: rest.subject } }),
        inputs: [
          { name: 'pirat', datatype: 'FP64', shape: [1], data: [pirat] },
          { name: 'single', datatype: 'BYTES', shape: [1], data: [single] },
        ],
      });
  };
  const many = async (from: number, to: number, withSubject = false): Promise<string[]> => {
    const versions: string[] = [];
    for (let n = from; n < to; n += 10) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          predict(n + i, withSubject ? { subject: subject(n + i) } : {}).expect(200),
        ),
      );
      versions.push(...answers.map(({ body }) => body.model_version as string));
    }
    return versions;
  };
  const put = (plan: object, who = engineer) =>
    request(url).put(`/v1/projects/${PROJECT}/deployments/${MODEL}`).set('authorization', who).send(plan);
  const show = async () =>
    (
      await request(url)
        .get(`/v1/projects/${PROJECT}/deployments/${MODEL}`)
        .set('authorization', engineer)
        .expect(200)
    ).body;
  const act = (way: 'advance' | 'rollback') =>
    request(url).post(`/v1/projects/${PROJECT}/deployments/${MODEL}/${way}`).set('authorization', engineer);
  const serves = (wanted: object) => eventually(async () => expect(await show()).toMatchObject(wanted));

  /** What is true of a row: what the first model says, but for every tenth row. */
  const trueLabel = (pirat: number, single: string): string => {
    const out = new Float64Array(2);
    truth.scoreBatch([Float64Array.of(pirat), [single]], 1, out);
    const flip = Math.round(pirat * 101) % 10 === 0;
    return out[1]! >= 0.5 !== flip ? 'yes' : 'no';
  };
  /** What monitoring does: counts what came true of a step's predictions, and tells totals. */
  const observe = async (rolloutId: string, step: number) => {
    const counts = { canary: { outcomes: 0, wrong: 0 }, champion: { outcomes: 0, wrong: 0 } };
    for (const one of await house.predictions()) {
      if (one.rollout !== `${rolloutId}/${step}`) continue;
      const side = counts[one.role as 'canary' | 'champion'];
      side.outcomes += 1;
      if (one.labels[0] !== trueLabel(one.inputs[0]!.numbers[0]!, one.inputs[1]!.texts[0]!)) side.wrong += 1;
    }
    const payload = { rolloutId, model: MODEL, step, ...counts, groups: [] };
    await house.monitoring.say(RolloutObserved, {
      subject: `${PROJECT}/${MODEL}`,
      project: PROJECT,
      payload,
    });
    return counts;
  };

  it('refuses plans that cannot hold, from whom may not, or for what is not deployed', async () => {
    await put({}, machine).expect(403);
    await request(url)
      .put(`/v1/projects/${PROJECT}/deployments/other`)
      .set('authorization', engineer)
      .send({})
      .expect(404);
    for (const [plan, says] of [
      [{ canary: { alias: 'shadow' } }, 'not approved to answer'],
      [{ canary: { steps: [50] }, arms: [{ alias: 'b', percent: 60 }] }, '110 %'],
      [{ canary: { steps: [50, 20] } }, 'must rise'],
      [{ arms: [{ percent: 10 }] }, 'names an alias or a version'],
      [{ arms: [{ alias: 'champion', percent: 10 }] }, 'champion'],
      [{ canary: { gates: {} } }, 'at least one gate'],
      [{ log: { mode: 'sampled' } }, 'log.rate'],
      [{ canary: { gates: { errors: { margin: 0 } } } }, 'never be passed'],
      [{ surprise: 1 }, 'surprise'],
    ] as const) {
      expect((await put(plan).expect(400)).body.detail).toContain(says);
    }
    expect(await show()).toMatchObject({
      planVersion: 0,
      traffic: [{ role: 'champion', version: 1, percent: 100 }],
    });
  });

  it('sets a plan once, in YAML too, with its event and audit entry', async () => {
    const yaml = 'labels:\n  stable: 1\n';
    for (let again = 0; again < 2; again++) {
      const { body } = await request(url)
        .put(`/v1/projects/${PROJECT}/deployments/${MODEL}`)
        .set('authorization', engineer)
        .set('content-type', 'application/yaml')
        .send(yaml)
        .expect(200);
      expect(body).toMatchObject({ planVersion: 1, changedBy: 'u-eva' });
    }
    await eventually(async () => {
      expect(await house.events(DeploymentPlanChanged)).toMatchObject([
        { planVersion: 1, changedBy: 'u-eva', log: 'required' },
      ]);
      const actions = (await house.events(AuditEntryRecorded.inference)).map(({ action }) => action);
      expect(actions.filter((action) => action === 'deployment-plan.change')).toHaveLength(1);
    });
    await serves({ labels: { champion: 1, stable: 1 } });
  });

  it('splits requests by weight, sticks to subjects, and lets callers pin what is deployed', async () => {
    await house.alias(sound, 'challenger');
    await put({ arms: [{ alias: 'challenger', percent: 40 }], versions: { policy: 'all' } }).expect(200);
    await serves({ traffic: [{ percent: 60 }, { role: 'arm', version: 3, percent: 40 }] });
    const versions = await many(0, 100, true);
    expect(new Set(versions)).toEqual(new Set(['1', '3']));
    expect(await many(0, 100, true)).toEqual(versions);
    for (const version of [1, 3]) {
      expect((await predict(1, { version }).expect(200)).body.model_version).toBe(String(version));
    }
    await predict(1, { version: 2 }).expect(404);
    const { experiment } = await eventually(async () => {
      const now = await show();
      const arms = now.experiment.arms as { version: number; requests: number }[];
      expect(arms.map(({ version, requests }) => [version, requests])).toEqual(
        [1, 3].map((version) => [version, 2 * versions.filter((one) => one === String(version)).length]),
      );
      return now;
    });
    const counted = (step: number, wrong: number) =>
      house.monitoring.say(RolloutObserved, {
        subject: `${PROJECT}/${MODEL}`,
        project: PROJECT,
        payload: {
          rolloutId: experiment.id,
          model: MODEL,
          step,
          canary: { outcomes: 0, wrong: 0 },
          champion: { outcomes: 400, wrong },
          groups: [],
        },
      });
    await Promise.all([counted(1, 40), counted(3, 160)]);
    await eventually(async () => {
      const [one, three] = (await show()).experiment.arms;
      expect(one).toMatchObject({ outcomes: 400, wrong: { value: 0.1 }, wrongDifference: null });
      expect(three.wrongDifference.value).toBeCloseTo(0.3, 9);
      expect(three.wrongDifference.lower).toBeGreaterThan(0.1);
    });
    const tagged = (await house.predictions()).filter(({ rollout }) => rollout?.startsWith(experiment.id));
    expect(new Set(tagged.map(({ role, rollout }) => `${role} ${rollout}`))).toEqual(
      new Set([`champion ${experiment.id}/1`, `arm ${experiment.id}/3`]),
    );
    const roles = new Map(
      (await house.predictions()).map(({ role, modelVersion }) => [`${role}/${modelVersion}`, 1]),
    );
    expect([...roles.keys()].sort()).toEqual(['arm/3', 'champion/1', 'pinned/1', 'pinned/3']);
    expect(await house.events(DeploymentChanged)).toContainEqual(
      expect.objectContaining({ alias: 'challenger', state: 'serving', version: 3 }),
    );
  });

  it('mirrors to a shadow after the answer: it never answers, and its differences are told', async () => {
    await house.alias(worse, 'shadow');
    await put({ shadow: {} }).expect(200);
    await serves({ shadow: { version: 2 }, traffic: [{ role: 'champion', percent: 100 }] });
    expect(new Set(await many(0, 60))).toEqual(new Set(['1']));
    await predict(0, { version: 2 }).expect(404);
    await eventually(async () => {
      const { shadow } = await show();
      expect(shadow).toMatchObject({ rows: 60, comparedWith: 1, failed: 0, skipped: 0 });
      expect(shadow.disagreement).toBeGreaterThan(0.2);
      expect(shadow.meanAbsoluteDifference).toBeLessThan(0.5);
    });
    const shadows = (await house.predictions()).filter(({ modelVersion }) => modelVersion === 2);
    expect(shadows).toEqual([]);
    expect((await request(url).get('/metrics')).text).toMatch(
      /steward_inference_shadow_rows_total\{[^}]*\} 60/,
    );
  });

  it('takes a worse canary back by itself, by what came true, and not again after a restart', async () => {
    await house.alias(worse, 'canary');
    await put({
      canary: { steps: [50, 90], gates: { outcomes: { minimum: 30 }, errors: { minimum: 10 } } },
    }).expect(200);
    await serves({ rollout: { state: 'running', version: 2, percent: 50 } });
    const { id } = (await show()).rollout;
    let seen = { canary: { outcomes: 0 }, champion: { outcomes: 0 } };
    for (let from = 0; (await show()).rollout.state === 'running'; from += 60) {
      expect(from).toBeLessThan(1_200);
      await many(from, from + 60);
      seen = await observe(id, 0);
      // A comparison has seen as much as the smaller of its sides.
      const both = Math.min(seen.canary.outcomes, seen.champion.outcomes);
      await eventually(async () => {
        const { rollout } = await show();
        const gates = rollout.gates as { gate: string; observed: number; verdict: string }[];
        const outcomes = gates.find(({ gate }) => gate === 'outcomes');
        if (rollout.state !== 'running') return;
        expect(outcomes?.observed).toBeGreaterThanOrEqual(both);
        // Who shows harm goes back as soon as the judge comes round.
        expect(outcomes?.verdict).not.toBe('harm');
      });
    }
    // Wrong in six of ten rows where the champion is in one: what the README states.
    expect(seen.canary.outcomes).toBeLessThanOrEqual(250);
    await serves({
      rollout: { state: 'rolled_back', reason: 'outcomes', percent: 0 },
      traffic: [{ percent: 100 }],
    });
    expect(new Set(await many(0, 30))).toEqual(new Set(['1']));
    const steps = (await house.events(RolloutChanged)).filter(({ rolloutId }) => rolloutId === id);
    expect(steps.map(({ state, percent, reason }) => [state, percent, reason])).toEqual([
      ['running', 50, 'started'],
      ['rolled_back', 0, 'outcomes'],
    ]);
    const entries = (await house.events(AuditEntryRecorded.inference)).filter(
      ({ object }) => object.id === id,
    );
    expect(entries.map(({ action }) => action)).toEqual(['rollout.begin', 'rollout.roll-back']);
    const gates = (await show()).rollout.moves[1].judgement.gates as {
      gate: string;
      difference: { lower: number };
    }[];
    expect(gates.find(({ gate }) => gate === 'outcomes')!.difference.lower).toBeGreaterThan(0);
    await house.stopService();
    url = await house.start();
    await eventually(() => request(url).get('/health/ready').expect(200));
    await put({
      canary: { steps: [50, 90], gates: { outcomes: { minimum: 30 }, errors: { minimum: 10 } } },
      labels: { stable: 1 },
    }).expect(200);
    await serves({ rollout: { id, state: 'rolled_back' }, traffic: [{ role: 'champion' }] });
    const looks = await request(url)
      .get(`/v1/projects/${PROJECT}/deployments/${MODEL}/rollout-looks`)
      .set('authorization', engineer)
      .expect(200);
    const { items } = looks.body as {
      items: { at: string; step: number; gates: { gate: string; verdict: string }[] }[];
    };
    // How many came before the last depends on how long it took: rollout.spec holds their spacing.
    expect(items.length).toBeGreaterThan(0);
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
    // The look that moved it is kept, whatever the time.
    expect(items.at(-1)!.gates.find(({ gate }) => gate === 'outcomes')).toMatchObject({ verdict: 'harm' });
    await request(url)
      .get(`/v1/projects/${PROJECT}/deployments/nothing/rollout-looks`)
      .set('authorization', engineer)
      .expect(404);
  });

  it('takes a sound canary through its steps, also over a restart, and asks for promotion', async () => {
    await house.alias(sound, 'canary');
    const gates = {
      outcomes: { minimum: 10, tolerance: 0.3, margin: 1 },
      errors: { minimum: 5, margin: 1 },
      latency: { milliseconds: 60_000, minimum: 5, margin: 1 },
    };
    await put({ canary: { steps: [30, 60], gates } }).expect(200);
    await serves({ rollout: { state: 'running', step: 0, version: 3 } });
    const { id } = (await show()).rollout;
    await many(0, 80);
    await house.stopService();
    url = await house.start();
    await eventually(() => request(url).get('/health/ready').expect(200));
    await observe(id, 0);
    await serves({ rollout: { id, step: 1, percent: 60 }, traffic: [{ percent: 40 }, { percent: 60 }] });
    await many(80, 160);
    await observe(id, 1);
    await serves({ rollout: { id, state: 'promotion_requested', step: 1, percent: 60 } });
    await eventually(async () => {
      expect(await house.events(PromotionRequested)).toMatchObject([
        { rolloutId: id, version: 3, replaces: descriptorOf(1, first).digest, requestedBy: 'u-eva' },
      ]);
    });
    expect((await act('advance').expect(409)).body.code).toBe('INFERENCE.PROMOTION_REQUESTED');
    await house.alias(sound);
    await serves({
      rollout: { id, state: 'promoted' },
      traffic: [{ role: 'champion', version: 3, percent: 100 }],
    });
  });

  it('lets people take a canary on and back, over HTTP and gRPC, and refuses one that cannot be loaded', async () => {
    await house.alias(descriptorOf(4, fourth), 'canary');
    await put({ canary: { steps: [10, 20], gates: { errors: { minimum: 1_000_000 } } } }).expect(200);
    await serves({ rollout: { state: 'running', version: 4, step: 0 } });
    expect((await act('advance').expect(200)).body.rollout).toMatchObject({ step: 1, reason: 'by_hand' });
    const client = new InferenceServiceClient(house.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', engineer);
    const at = { project: PROJECT, model: MODEL };
    const answer = await new Promise<string>((resolve, reject) =>
      client.rollBackRollout(at, metadata, (error, response) =>
        error ? reject(error) : resolve(response.deploymentJson),
      ),
    );
    expect(JSON.parse(answer)).toMatchObject({ rollout: { state: 'rolled_back', reason: 'by_hand' } });
    const refused = await new Promise<number>((resolve) =>
      client.putDeployment({ ...at, planJson: 'no json' }, metadata, (error) => resolve(error?.code ?? 0)),
    );
    expect(refused).toBe(3);
    client.close();
    await act('rollback').expect(409);
    // Bytes that nobody has.
    await house.artifacts.put(Buffer.from('no model'));
    await house.alias(descriptorOf(5, Buffer.from('no model')), 'canary');
    await serves({
      rollout: { state: 'rolled_back', version: 5 },
      traffic: [{ role: 'champion', version: 3 }],
    });
    const refusals = (await house.events(DeploymentChanged)).filter(({ state }) => state === 'refused');
    expect(refusals).toMatchObject([{ alias: 'canary', version: 5 }]);
  });

  const logged = async (): Promise<PredictionLoggedMessage[]> => house.predictions();

  it('answers while the bus is away where the log is buffered, and then logs all of it in its order', async () => {
    await put({ log: { mode: 'buffered' } }).expect(200);
    await serves({ log: { mode: 'buffered' } });
    const before = (await logged()).length;
    const ids: string[] = [];
    const ask = async (): Promise<void> => {
      const { body } = await predict(ids.length).expect(200);
      expect(body.parameters).toMatchObject({ prediction_log: 'buffered', prediction_logged: true });
      ids.push(body.parameters.prediction_id as string);
    };
    for (let n = 0; n < 10; n++) await ask();
    house.cut();
    for (let n = 0; n < 60; n++) await ask();
    house.mend();
    for (let n = 0; n < 10; n++) await ask();
    await eventually(async () => expect((await logged()).length).toBeGreaterThanOrEqual(before + 80), {
      withinMs: 30_000,
    });
    // Written twice where the bus went away between a batch and its acknowledgement, and then under the same event id; a
    // map keeps the place of the first.
    const events = new Map(
      (await eventsInLog(house.owner, 'steward.inference.prediction.v1'))
        .filter(({ key }) => ids.includes(key ?? ''))
        .map((event) => [event.headers['ce_id'], event]),
    );
    const inOrder = [...events.values()];
    expect(inOrder.map(({ key }) => key!).toSorted()).toEqual(ids.toSorted());
    for (const partition of new Set(inOrder.map((one) => one.partition))) {
      const keys = inOrder.filter((one) => one.partition === partition).map(({ key }) => key!);
      expect(keys).toEqual(ids.filter((id) => keys.includes(id)));
    }
    await serves({ log: { away: false, spooledBytes: 0, lostEvents: 0 } });
  });

  it('keeps what waits over a restart while the bus is away', async () => {
    const before = (await logged()).length;
    house.cut();
    const ids: string[] = [];
    for (let n = 0; n < 40; n++)
      ids.push((await predict(n).expect(200)).body.parameters.prediction_id as string);
    await house.stopService();
    house.mend();
    url = await house.start();
    await eventually(
      async () => {
        const now = (await logged()).slice(before);
        expect(now.map(({ predictionId }) => predictionId).sort()).toEqual([...ids].sort());
      },
      { withinMs: 30_000 },
    );
  });

  it('logs a share of the predictions, by their ids, and says which', async () => {
    await eventually(() => request(url).get('/health/ready').expect(200));
    await put({ log: { mode: 'sampled', rate: 0.3 } }).expect(200);
    await serves({ log: { mode: 'sampled' } });
    const before = (await logged()).length;
    const drawn: string[] = [];
    for (let n = 0; n < 100; n++) {
      const { parameters } = (await predict(n).expect(200)).body;
      expect(parameters.prediction_log).toBe('sampled');
      if (parameters.prediction_logged) drawn.push(parameters.prediction_id as string);
    }
    expect(drawn.length).toBeGreaterThan(8);
    expect(drawn.length).toBeLessThan(60);
    await eventually(async () => {
      const now = (await logged()).slice(before);
      expect(now.map(({ predictionId }) => predictionId).sort()).toEqual([...drawn].sort());
    });
  });
});
