import { newId, newPseudonym } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { ScheduleRetention } from '../src/retention/schedule-retention';
import { GovernanceHouse, PROJECT } from './support/governance-house';
import { MortalGovernance, type Person } from './support/mortal-governance';
import { RetentionNeighbours } from './support/retention-neighbours';

jest.setTimeout(300_000);

/** STEWARD_RETENTION_KILLS=10 for the whole study. */
const KILLS = Number(process.env['STEWARD_RETENTION_KILLS'] ?? 3);
/** A third of the points of a run: open, count, confirm, delete, finish. */
const POINTS = 20;
const BASE = `/v1/projects/${PROJECT}/retention`;
const OLD = 2;

let house: GovernanceHouse;
let mortal: MortalGovernance;
let neighbours: RetentionNeighbours;
let petra: Person;
let dan: Person;

beforeAll(async () => {
  house = await GovernanceHouse.open();
  await house.project();
  neighbours = await RetentionNeighbours.start(house);
  petra = await house.person('petra', ['privacy-officer']);
  dan = await house.person('dan', ['data-engineer']);
  const policy = { rules: [{ class: 'consents', days: 100 }] };
  await house.put(`${BASE}/policy`, petra.token, policy).expect(200);
  // The schedule has had its run of the day, and opens none in between.
  await house.app.get(ScheduleRetention).work();
  const [scheduled] = await house.rows<{ id: string }>('SELECT id FROM governance.retention_runs');
  await house.post(`${BASE}/runs/${scheduled!.id}/cancel`, petra.token).expect(200);
  mortal = new MortalGovernance(house, { kills: KILLS, points: POINTS });
});
afterAll(async () => {
  await mortal.end();
  await neighbours.stop();
  await house.close();
});

const runs = () =>
  house.rows<{ id: string; state: string }>(
    `SELECT id, state FROM governance.retention_runs WHERE origin = 'person' ORDER BY id`,
  );
const stateOf = async (id: string): Promise<string | undefined> =>
  (await runs()).find((run) => run.id === id)?.state;
const consents = () => house.rows('SELECT 1 FROM governance.consent_events');

it(`what is old goes once, confirmed once, though governance is killed at ${KILLS} random points of it`, async () => {
  await house.running.close();
  const done: string[] = [];
  do {
    for (let at = 0; at < OLD; at += 1)
      await house.rows(
        `INSERT INTO governance.consent_events (id, project, pseudonym, purpose, state, text_version, at, recorded_at, recorded_by)
         VALUES ($1, $2, $3, 'lending', 'withdrawn', 1, now() - interval '200 days', now(), 'u-1')`,
        [newId(), PROJECT, newPseudonym()],
      );
    await mortal.does(`${BASE}/runs`, petra, {}, async () => (await runs()).length > done.length);
    const { id } = (await runs()).at(-1)!;
    await mortal.comes(async () => void (await neighbours.given(id, 'count')));
    await neighbours.answer(id, 'count', 0);
    await mortal.comes(async () => expect(await stateOf(id)).toBe('counted'));
    expect(await consents()).toHaveLength(OLD);
    await mortal.does(`${BASE}/runs/${id}/confirm`, dan, {}, async () => (await stateOf(id)) !== 'counted');
    await mortal.comes(async () => void (await neighbours.given(id, 'delete')));
    await neighbours.answer(id, 'delete', 0);
    await mortal.comes(async () => expect(await stateOf(id)).toBe('done'));
    expect(await consents()).toEqual([]);
    done.push(id);
  } while (mortal.signals.length < KILLS);
  await mortal.end();
  await house.start();

  const { points } = mortal;
  expect({ points, killed: mortal.signals.every((signal) => signal === 'SIGKILL') }).toEqual({
    points,
    killed: true,
  });
  expect({ points, runs: await runs() }).toEqual({ points, runs: done.map((id) => ({ id, state: 'done' })) });
  for (const id of done) {
    await eventually(async () => {
      const entries = (await house.events('steward.governance.audit.v1'))
        .filter(
          ({ object, outcome }) => (object as { id: string } | null)?.id === id && outcome !== 'refused',
        )
        .map(({ action }) => String(action));
      expect({ points, entries: entries.toSorted() }).toEqual({
        points,
        entries: [
          'retention-run.confirm',
          'retention-run.count',
          'retention-run.finish',
          'retention-run.open',
          'retention.count',
          'retention.delete',
        ],
      });
    });
    const { body } = await house.get(`${BASE}/runs/${id}`, petra.token).expect(200);
    expect({ points, body }).toMatchObject({ body: { deletedItems: OLD, confirmedBy: dan.id } });
    await house.get(`${BASE}/runs/${id}/evidence`, petra.token).expect(200);
  }
});
