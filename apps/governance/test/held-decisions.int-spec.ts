import { DecisionHeld } from '@steward/contracts';
import { newId, newPseudonym, sha256 } from '@steward/kernel';
import { eventually, Neighbour } from '@steward/testing';
import { GovernanceHouse, PROJECT } from './support/governance-house';

jest.setTimeout(60_000);

type Body = Record<string, unknown>;
type Person = { id: string; token: string };
const POLICY = `/v1/projects/${PROJECT}/decision-policies/approval`;
const QUEUE = `/v1/projects/${PROJECT}/held-decisions`;
const VERDICT = {
  label: 'no',
  reason: 'Income was proved by a letter of the employer.',
  answer: 'We looked again: your application is approved.',
};

describe('decisions that people make, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let inference: Neighbour;
  let dora: Person;
  let rita: Person;
  let sam: Person;
  let portal: string;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    await house.project();
    dora = await house.person('dora', ['privacy-officer']);
    rita = await house.person('rita', ['decision-reviewer']);
    sam = await house.person('sam', ['decision-reviewer']);
    const admin = await house.asAdmin();
    const roles = [{ role: 'service', project: PROJECT }];
    const machine = await house.post('/v1/machines', admin, { name: 'portal', roles }).expect(201);
    const principalId = (machine.body as { id: string }).id;
    const key = await house.post('/v1/api-keys', admin, { principalId }).expect(201);
    portal = `Bearer ${(key.body as { secret: string }).secret}`;
    inference = new Neighbour('inference', house.database.urlOf('inference'));
    await inference.start();
  });

  afterAll(async () => {
    await inference.stop();
    await house.close();
  });

  const subject = newPseudonym();
  const hold = async (predictionId = newId()): Promise<string> => {
    await inference.say(DecisionHeld, {
      subject: predictionId,
      project: PROJECT,
      payload: {
        predictionId,
        model: 'approval',
        version: 4,
        digest: sha256('model'),
        classes: ['no', 'yes'],
        policyVersion: 1,
        rows: [
          { row: 0, pseudonym: subject, label: 'yes', score: 0.71, because: 'label' },
          { row: 2, pseudonym: null, label: 'no', score: 0.49, because: 'band' },
        ],
      },
    });
    return predictionId;
  };
  const queued = async (predictionId: string): Promise<Body[]> => {
    const { body } = await house.get(`${QUEUE}?limit=200`, rita.token).expect(200);
    return (body as { items: Body[] }).items
      .filter((item) => item['predictionId'] === predictionId)
      .toSorted((a, b) => Number(a['row']) - Number(b['row']));
  };
  const waiting = (predictionId: string): Promise<Body[]> =>
    eventually(async () => {
      const items = await queued(predictionId);
      expect(items).toHaveLength(2);
      return items;
    });
  const ofRow = async (predictionId: string, row: number): Promise<Body> =>
    (await house.get(`${QUEUE}/predictions/${predictionId}/${row}`, portal).expect(200)).body as Body;
  const decide = (id: unknown, who: Person, body: object = VERDICT) =>
    house.post(`${QUEUE}/${String(id)}/decide`, who.token, body);
  const contest = (id: unknown, who: Person) =>
    house.post(`${QUEUE}/${String(id)}/contest`, who.token, { reason: 'The subject says it is unfair.' });
  const reviews = async (predictionId: string): Promise<Body[]> =>
    (await house.events('steward.governance.decision-review.v1')).filter(
      (event) => event['predictionId'] === predictionId,
    );

  it('tells inference which decisions to hold, in versions', async () => {
    await house.get(POLICY, dora.token).expect(404);
    const put = (body: object, who = dora) => house.put(POLICY, who.token, body);
    await put({}).expect(400);
    await put({ labels: ['yes'], band: { from: 0.6, to: 0.4 } }).expect(400);
    await put({ labels: ['yes'] }, rita).expect(404);
    await put({ labels: ['yes'], band: { from: 0.4, to: 0.6 } }).expect(200);
    await put({ labels: ['yes'], band: { from: 0.4, to: 0.6 } }).expect(200);
    await put({ active: false }).expect(200);
    await eventually(async () => {
      const told = (await house.events('steward.governance.policy.v1')).filter((event) => 'band' in event);
      expect(told).toEqual([
        {
          projectId: PROJECT,
          model: 'approval',
          policyVersion: 1,
          active: true,
          labels: ['yes'],
          band: { from: 0.4, to: 0.6 },
        },
        {
          projectId: PROJECT,
          model: 'approval',
          policyVersion: 2,
          active: false,
          labels: [],
          band: null,
        },
      ]);
    });
  });

  it('queues what was held, once, and hides score and proposal from whoever asked inference', async () => {
    const predictionId = await hold();
    await waiting(predictionId);
    await hold(predictionId);
    await hold();
    expect(await queued(predictionId)).toMatchObject([
      { row: 0, proposed: 'yes', score: 0.71, state: 'pending', pseudonym: subject },
      { row: 2, because: 'band', pseudonym: null },
    ]);
    expect(await ofRow(predictionId, 0)).toEqual({
      id: expect.any(String) as string,
      state: 'pending',
      label: null,
      decidedAt: null,
      answer: null,
    });
    await house.get(`${QUEUE}/predictions/${predictionId}/1`, portal).expect(404);
    await house.get(QUEUE, portal).expect(404);
  });

  it('is decided by a person, contested by the subject, and then decided by another', async () => {
    const predictionId = await hold();
    const [first, second] = await waiting(predictionId);
    await decide(first!['id'], rita, { ...VERDICT, label: 'maybe' }).expect(400);
    await decide(first!['id'], rita, { label: 'no' }).expect(400);
    await contest(first!['id'], rita).expect(409);
    expect((await decide(first!['id'], rita).expect(200)).body).toMatchObject({
      state: 'overridden',
      label: 'no',
      decidedBy: rita.id,
    });
    await decide(first!['id'], sam).expect(409);
    expect(await ofRow(predictionId, 0)).toMatchObject({ label: 'no', answer: VERDICT.answer });
    expect((await contest(first!['id'], sam).expect(200)).body).toMatchObject({
      state: 'contested',
      label: null,
    });
    expect(await ofRow(predictionId, 0)).toMatchObject({ state: 'contested', label: null, answer: null });
    expect((await decide(first!['id'], rita).expect(403)).body).toMatchObject({
      code: 'GOVERNANCE.OWN_DECISION',
    });
    const upheld = { ...VERDICT, label: 'yes', answer: 'Another of us looked again.' };
    expect((await decide(first!['id'], sam, upheld).expect(200)).body).toMatchObject({
      state: 'confirmed',
      label: 'yes',
      steps: [{ kind: 'decide' }, { kind: 'contest' }, { kind: 'decide' }],
    });
    await decide(second!['id'], rita, VERDICT).expect(200);
    await eventually(async () =>
      expect((await reviews(predictionId)).map(({ row, state, label }) => [row, state, label])).toEqual([
        [0, 'overridden', 'no'],
        [0, 'contested', null],
        [0, 'confirmed', 'yes'],
        [2, 'confirmed', 'no'],
      ]),
    );
    await eventually(async () => {
      const entries = await house.events('steward.governance.audit.v1');
      const actions = new Set(entries.map(({ action }) => action));
      for (const act of [
        'decision.override',
        'decision.contest',
        'decision.confirm',
        'decision-policy.change',
      ])
        expect(actions).toContain(act);
      expect(JSON.stringify(entries)).not.toContain('letter of the employer');
    });
    const { body } = await house.get(`${QUEUE}/counts`, rita.token).expect(200);
    expect((body as { items: Body[] }).items).toContainEqual({
      model: 'approval',
      state: 'confirmed',
      decisions: 2,
    });
  });

  it('is nobody’s business but reviewers’, and no machine decides', async () => {
    const predictionId = await hold();
    const [first] = await waiting(predictionId);
    const eve = await house.person('eve', ['ml-engineer']);
    await decide(first!['id'], eve).expect(404);
    await house.post(`${QUEUE}/${String(first!['id'])}/decide`, portal, VERDICT).expect(404);
    await decide(newId(), rita).expect(404);
    await house.get(`${QUEUE}?subject=Ada`, rita.token).expect(400);
  });
});
