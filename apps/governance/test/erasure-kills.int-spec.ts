import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { LocalArtifactStore } from '@steward/artifacts';
import { SubjectErased, SubjectParticipants } from '@steward/contracts';
import { newPseudonym } from '@steward/kernel';
import type { ErasureReport } from '@steward/subjects';
import { eventually, Neighbour } from '@steward/testing';
import { startDying } from './support/dying-process';
import { GovernanceHouse, PROJECT } from './support/governance-house';

jest.setTimeout(300_000);

const KILLS = 4;
/** About as many points as finishing two erasures has. */
const POINTS = 12;
const base = `/v1/projects/${PROJECT}/subject-requests`;

let house: GovernanceHouse;
let child: ChildProcess | undefined;
const neighbours: Neighbour[] = [];

const states = async () =>
  (await house.rows<{ state: string }>('SELECT state FROM governance.subject_requests ORDER BY id')).map(
    ({ state }) => state,
  );

/** Where the point lies beyond the last erasure's end, the process lives on until it is killed idle. */
async function diesOrIsDone(process: ChildProcess): Promise<NodeJS.Signals | null> {
  const signal = new Promise<NodeJS.Signals | null>((resolve) =>
    process.once('exit', (_code, by) => resolve(by)),
  );
  while (process.exitCode === null && process.signalCode === null) {
    if ((await states()).every((state) => state === 'fulfilled')) process.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return signal;
}

beforeAll(async () => {
  house = await GovernanceHouse.open();
  await house.project();
  for (const service of SubjectParticipants) {
    const neighbour = new Neighbour(service, house.database.urlOf(service));
    await neighbour.start();
    neighbours.push(neighbour);
  }
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await Promise.all(neighbours.map((neighbour) => neighbour.stop()));
  await house.close();
});

it(`an erasure is certified once, though governance is killed at ${KILLS} random points`, async () => {
  const officer = await house.person('petra', ['privacy-officer']);
  const requests: { id: string; pseudonym: string }[] = [];
  for (let count = 0; count < 2; count += 1) {
    const pseudonym = newPseudonym();
    const { body } = await house.post(base, officer.token, { kind: 'erasure', pseudonym }).expect(201);
    const { id } = body as { id: string };
    await house.post(`${base}/${id}/assign`, officer.token, { person: officer.id }).expect(200);
    await house.post(`${base}/${id}/evidence`, officer.token, { kind: 'identity', text: 'seen' }).expect(200);
    await house.post(`${base}/${id}/run`, officer.token).expect(202);
    requests.push({ id, pseudonym });
  }
  await house.running.close();
  const artifacts = new LocalArtifactStore(join(house.folder, 'artifacts'));
  for (const { id: requestId, pseudonym } of requests) {
    for (const [at, service] of SubjectParticipants.entries()) {
      const report: ErasureReport = {
        format: 'steward-erasure-report/1',
        service,
        requestId,
        pseudonym,
        completedAt: new Date().toISOString(),
        destroyed: [],
        remaining: [],
        models: [],
      };
      const { digest: reportDigest } = await artifacts.put(Buffer.from(JSON.stringify(report)));
      await neighbours[at]!.say(SubjectErased[service], {
        subject: `${PROJECT}/${pseudonym}`,
        project: PROJECT,
        payload: {
          requestId,
          pseudonym,
          reportDigest,
          destroyed: 0,
          remaining: 0,
          appearances: [],
          models: 0,
        },
      });
    }
  }
  const points: number[] = [];
  for (let kills = 0; kills < KILLS; kills += 1) {
    points.push(1 + Math.floor(Math.random() * POINTS));
    child = startDying(house, points.at(-1)!);
    expect({ points, signal: await diesOrIsDone(child) }).toMatchObject({ signal: 'SIGKILL' });
  }
  await house.start();
  await eventually(async () =>
    expect({ points, states: await states() }).toEqual({ points, states: ['fulfilled', 'fulfilled'] }),
  );
  for (const { id, pseudonym } of requests) {
    await house.get(`${base}/${id}/certificate`, officer.token).expect(200);
    await eventually(async () => {
      const entries = (await house.events('steward.governance.audit.v1')).filter(
        (entry) =>
          entry['action'] === 'subject-request.fulfil' &&
          (entry['object'] as { id: string }).id === pseudonym,
      );
      expect({ points, entries: entries.length }).toEqual({ points, entries: 1 });
    });
  }
});
