import { ApprovalDecided, ApprovalRequested } from '@steward/contracts';
import { eventually } from '@steward/testing';
import { approvalRequest, GovernanceHouse, PROJECT } from './support/governance-house';
import { MortalGovernance, type Person } from './support/mortal-governance';

jest.setTimeout(300_000);

/** STEWARD_APPROVAL_KILLS=10 for the whole study. */
const KILLS = Number(process.env['STEWARD_APPROVAL_KILLS'] ?? 4);
/** Two or three steps of an approval. */
const POINTS = 20;
const BASE = `/v1/projects/${PROJECT}`;

let house: GovernanceHouse;
let mortal: MortalGovernance;
let ann: Person;
let bob: Person;
let eve: Person;

beforeAll(async () => {
  house = await GovernanceHouse.open();
  await house.project();
  ann = await house.person('ann', ['approver']);
  bob = await house.person('bob', ['approver']);
  eve = await house.person('eve', ['ml-engineer']);
  const zoe = await house.person('zoe', ['administrator']);
  const policies = `${BASE}/approval-policies`;
  await house.put(`${policies}/pair`, zoe.token, { approvers: 2 }).expect(200);
  await house.put(`${policies}/brief`, zoe.token, { approvers: 1, expiresAfterHours: 1 }).expect(200);
  mortal = new MortalGovernance(house, { kills: KILLS, points: POINTS });
});
afterAll(async () => {
  await mortal.end();
  await house.close();
});

const stateOf = async (id: string): Promise<string | undefined> =>
  (
    await house.rows<{ state: string }>('SELECT state FROM governance.approval_requests WHERE id = $1', [id])
  )[0]?.state;
const decided = async (id: string): Promise<string[]> =>
  (
    await house.rows<{ word: string }>(
      `SELECT round || ' ' || person || ' ' || kind AS word FROM governance.approval_decisions
       WHERE request_id = $1 ORDER BY id`,
      [id],
    )
  ).map(({ word }) => word);

async function opened(alias: string): Promise<string> {
  const payload = approvalRequest({ alias, model: alias });
  await mortal.live();
  await house.training.tell(ApprovalRequested, payload, 'u-nobody');
  await mortal.comes(async () => expect(await stateOf(payload.requestId)).toBe('open'));
  return payload.requestId;
}

const does = (id: string, verb: string, person: Person, word: string): Promise<void> =>
  mortal.does(`${BASE}/approvals/${id}/${verb}`, person, { reason: 'Which rows?' }, async () =>
    (await decided(id)).includes(word),
  );

it(`an approval ends once, though governance is killed at ${KILLS} random points of it`, async () => {
  await house.running.close();
  const granted: string[] = [];
  const expired: string[] = [];
  do {
    const id = await opened('pair');
    await does(id, 'request-changes', bob, `1 ${bob.id} request_changes`);
    await does(id, 'answer', eve, `1 ${eve.id} answer`);
    await does(id, 'approve', ann, `2 ${ann.id} approve`);
    await does(id, 'approve', bob, `2 ${bob.id} approve`);
    granted.push(id);
    const brief = await opened('brief');
    await house.rows(
      `UPDATE governance.approval_requests SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [brief],
    );
    await mortal.comes(async () => expect(await stateOf(brief)).toBe('expired'));
    expired.push(brief);
  } while (mortal.signals.length < KILLS);
  await mortal.end();
  await house.start();

  const { points } = mortal;
  expect({ points, killed: mortal.signals.every((signal) => signal === 'SIGKILL') }).toEqual({
    points,
    killed: true,
  });
  for (const id of granted) {
    expect({ points, state: await stateOf(id) }).toEqual({ points, state: 'granted' });
    expect(await decided(id)).toEqual([
      `1 ${bob.id} request_changes`,
      `1 ${eve.id} answer`,
      `2 ${ann.id} approve`,
      `2 ${bob.id} approve`,
    ]);
    await told(id, points, 'granted', ['answer', 'approve', 'approve', 'grant', 'open', 'request_changes']);
  }
  for (const id of expired) await told(id, points, 'expired', ['expire', 'open']);
});

/** Its end is told once, and each step has one entry. */
async function told(id: string, points: number[], decision: string, steps: string[]): Promise<void> {
  await eventually(async () => {
    const ends = (await house.events(ApprovalDecided.topic.name)).filter(
      (event) => event['requestId'] === id,
    );
    expect({ points, ends: ends.map((event) => event['decision']) }).toEqual({ points, ends: [decision] });
    const entries = (await house.events('steward.governance.audit.v1'))
      .filter(({ object, outcome }) => (object as { id: string } | null)?.id === id && outcome !== 'refused')
      .map(({ action }) => String(action).replace('approval.', ''));
    expect({ points, entries: entries.toSorted() }).toEqual({ points, entries: steps });
  });
}
