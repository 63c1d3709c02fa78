import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { LocalArtifactStore } from '@steward/artifacts';
import { ErasureRequested } from '@steward/contracts';
import { ObjectStoreDeltaTables } from '@steward/delta';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { diesOrIsDone, ended, startDying } from './support/dying-process';
import { IngestionHouse } from './support/running-ingestion';

jest.setTimeout(300_000);

const KILLS = 6;
/** About as many points as an erasure of two files has. */
const POINTS = 30;
const PEOPLE = 5;
const contract = `
dataset: people
label: { column: deny, positive: 'yes', negative: 'no', favourable: 'no' }
columns:
  - { name: person, type: string, class: identifier }
  - { name: deny, type: string, class: label, allowed: ['yes', 'no'] }
  - { name: income, type: number, class: feature, min: 0, max: 100000 }
`;

const house = new IngestionHouse();
let child: ChildProcess | undefined;

const answers = async () =>
  (await house.events('steward.ingestion.subject.v1')).map((event) => String(event['requestId']));

beforeAll(async () => {
  await house.open();
  await house.putContract('people', contract).expect(200);
  const people = Array.from({ length: PEOPLE }, (_, at) => `person-${at}`);
  for (const batch of [1, 2]) {
    const rows = [...people, 'somebody-else'].map((person, at) => `${person},no,${batch * 100 + at}`);
    await house.upload('people', `person,deny,income\n${rows.join('\n')}\n`).expect(200);
  }
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await house.close();
});

it(`an erasure is finished once and never half, though ingestion is killed at ${KILLS} random points`, async () => {
  const rows = await house.rows<{ pseudonym: string }>('SELECT pseudonym FROM ingestion.subjects');
  const tables = new ObjectStoreDeltaTables(new LocalArtifactStore(join(house.folder, 'artifacts')).objects);
  const before = await tables.read('datasets/lending/people', { version: 1 });
  const subjects = before.columns['_steward_subject']!.slice(0, PEOPLE).map(String);
  expect(rows).toHaveLength(PEOPLE + 1);
  await house.running.service.close();

  const ordered = new Map<string, string>();
  const points: number[] = [];
  const allAnswered = async (): Promise<boolean> => {
    const told = new Set(await answers());
    return [...ordered.keys()].every((id) => told.has(id));
  };
  for (let kills = 0; kills < KILLS; kills += 1) {
    const next = subjects[ordered.size];
    if (next !== undefined && (await allAnswered())) {
      const requestId = newId();
      ordered.set(requestId, next);
      await house.governance.say(ErasureRequested, {
        subject: `lending/${next}`,
        project: 'lending',
        payload: { requestId, pseudonym: next },
      });
    }
    points.push(1 + Math.floor(Math.random() * POINTS));
    child = startDying(house, points.at(-1)!);
    expect({ points, signal: await diesOrIsDone(child, allAnswered) }).toMatchObject({
      signal: 'SIGKILL',
    });
  }
  child = startDying(house, Infinity);
  await eventually(async () => {
    const told = await answers();
    for (const id of ordered.keys())
      expect({ points, told }).toMatchObject({ told: expect.arrayContaining([id]) });
  });
  const stopped = ended(child);
  child.kill('SIGTERM');
  await stopped;

  const told = await answers();
  expect({ points, told: told.length }).toEqual({ points, told: ordered.size });
  await house.start();
  const gone = [...ordered.values()];
  for (const version of [0, 1]) {
    const held = (await tables.read('datasets/lending/people', { version })).columns;
    expect(held['_steward_subject']!.filter((subject) => gone.includes(String(subject)))).toEqual([]);
    expect(held['income']).toHaveLength((version + 1) * (PEOPLE + 1 - gone.length));
    const path = `/datasets/people/versions/${version + 1}`;
    const verified = (await house.get(`${path}/verification`).expect(200)).body;
    expect({ points, state: verified.state }).toEqual({ points, state: 'erased' });
    expect(verified.erasures).toHaveLength(gone.length);
    expect((await house.get(path).expect(200)).body).toMatchObject({
      rows: held['income']!.length,
      erasedRows: (version + 1) * gone.length,
    });
  }
  expect(await house.rows('SELECT 1 FROM ingestion.subjects')).toHaveLength(PEOPLE + 1 - gone.length);
  expect(await house.rows('SELECT 1 FROM ingestion.subject_keys')).toHaveLength(PEOPLE + 1 - gone.length);
  const files = await new LocalArtifactStore(join(house.folder, 'artifacts')).objects.list(
    'datasets/lending/people',
  );
  expect(files.filter((file) => file.endsWith('.parquet'))).toHaveLength(2);
});
