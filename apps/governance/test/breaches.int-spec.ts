import { BreachExposed } from '@steward/contracts';
import { LocalArtifactStore } from '@steward/artifacts';
import { newPseudonym, sha256 } from '@steward/kernel';
import { eventually, Neighbour } from '@steward/testing';
import { join } from 'node:path';
import { GovernanceHouse, PROJECT } from './support/governance-house';

jest.setTimeout(60_000);

type Body = Record<string, unknown>;
const BREACHES = `/v1/projects/${PROJECT}/breaches`;
const HOUR_MS = 3_600_000;

describe('breaches, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let ingestion: Neighbour;
  let dora: { id: string; token: string };
  let key: { keyId: string; principalId: string };

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    await house.project();
    dora = await house.person('dora', ['privacy-officer']);
    const admin = await house.asAdmin();
    const roles = [{ role: 'service', project: PROJECT }];
    const machine = await house.post('/v1/machines', admin, { name: 'portal', roles }).expect(201);
    const principalId = (machine.body as { id: string }).id;
    const made = await house.post('/v1/api-keys', admin, { principalId }).expect(201);
    key = { keyId: (made.body as { keyId: string }).keyId, principalId };
    ingestion = new Neighbour('ingestion', house.database.urlOf('ingestion'));
    await ingestion.start();
  });

  afterAll(async () => {
    await ingestion.stop();
    await house.close();
  });

  const report = (change: object = {}) => ({
    summary: 'A laptop with an API key of the portal was stolen.',
    awareAt: new Date(Date.now() - HOUR_MS).toISOString(),
    from: new Date(Date.now() - 24 * HOUR_MS).toISOString(),
    to: new Date(Date.now() + HOUR_MS).toISOString(),
    ...change,
  });
  const open = (change: object = {}, token = dora.token) => house.post(BREACHES, token, report(change));
  const get = async (path: string): Promise<Body> =>
    (await house.get(`${BREACHES}/${path}`, dora.token).expect(200)).body as Body;

  it('goes from an API key to the accounts, subjects and records, with clock and drafts', async () => {
    const { body } = await open({ keys: [key.keyId], dataset: 'applications' }).expect(201);
    const { id } = body as { id: string };
    await eventually(async () =>
      expect(
        (await house.events('steward.governance.breach.v1')).filter(({ breachId }) => breachId === id),
      ).toMatchObject([{ callers: [key.principalId], dataset: 'applications' }]),
    );
    await house.get(`${BREACHES}/${id}/subjects`, dora.token).expect(409);
    const [ada, bob] = [newPseudonym(), newPseudonym()].sort();
    const artifacts = new LocalArtifactStore(join(house.folder, 'artifacts'));
    const { digest } = await artifacts.put(Buffer.from(JSON.stringify([ada, bob])));
    await ingestion.say(BreachExposed, {
      subject: id,
      project: PROJECT,
      payload: { breachId: id, predictionRows: 7, datasetRows: 120, subjects: 2, subjectsDigest: digest },
    });
    await eventually(async () =>
      expect(await get(id)).toMatchObject({
        state: 'open',
        exposure: { predictionRows: 7, datasetRows: 120, subjects: 2 },
        hoursLeft: 71,
      }),
    );
    expect(await get(`${id}/subjects`)).toEqual({ items: [ada, bob], next: null });
    const draft = await get(`${id}/notification`);
    expect(draft['authority']).toContain('7 predictions, 120 rows');
    expect(draft['authority']).toContain('laptop');
    const end = (outcome: string, reason = 'Notified under number 4711.') =>
      house.post(`${BREACHES}/${id}/end`, dora.token, { outcome, reason });
    await end('forgotten').expect(400);
    await end('notified', 'short').expect(400);
    await end('notified').expect(204);
    await end('notified').expect(409);
    expect(await get(id)).toMatchObject({ state: 'notified', hoursLeft: null });
    await eventually(async () => {
      const entries = await house.events('steward.governance.audit.v1');
      const actions = entries.map(({ action }) => action);
      expect(actions).toEqual(expect.arrayContaining(['breach.open', 'breach.notify']));
      expect(JSON.stringify(entries)).not.toContain('laptop');
    });
  });

  it('shows what the accounts did in that time, also those that were refused', async () => {
    const eve = await house.person('eve', ['ml-engineer']);
    await house.get('/v1/projects/nowhere/approvals', eve.token).expect(404);
    await house.get(BREACHES, eve.token).expect(404);
    const { body } = await open({ principals: [dora.id] }).expect(201);
    await eventually(async () => {
      const { audited } = await get((body as { id: string }).id);
      expect((audited as { actions: Body[] }).actions).toContainEqual(
        expect.objectContaining({ action: 'breach.open', service: 'governance' }),
      );
    });
  });

  it('refuses what cannot be, and who may not', async () => {
    await open({ to: report().from, from: report().to }).expect(400);
    await open({ awareAt: new Date(Date.now() + HOUR_MS).toISOString() }).expect(400);
    await open({ keys: ['nosuchkey'] }).expect(400);
    await open({ summary: 'short' }).expect(400);
    const eve = await house.person('eve', ['ml-engineer']);
    await open({}, eve.token).expect(404);
    await open({}, await house.asAdmin()).expect(403);
    await house.get(`${BREACHES}/${sha256('none')}`, dora.token).expect(404);
  });
});
