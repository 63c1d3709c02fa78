import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { LocalArtifactStore } from '@steward/artifacts';
import { RetentionOrdered } from '@steward/contracts';
import { ObjectStoreDeltaTables } from '@steward/delta';
import { newId } from '@steward/kernel';
import { RetentionReport, type RetentionOrder, type RetentionOrders } from '@steward/subjects';
import { eventually } from '@steward/testing';
import { diesOrIsDone, ended, startDying } from './support/dying-process';
import { IngestionHouse } from './support/running-ingestion';

jest.setTimeout(300_000);

/** STEWARD_RETENTION_KILLS=10 for the whole study. */
const KILLS = Number(process.env['STEWARD_RETENTION_KILLS'] ?? 3);
/** About as many points as a deletion of two files and a quarantine has. */
const POINTS = 24;
const DATASETS = ['people-a', 'people-b'];
const contractOf = (dataset: string) => `
dataset: ${dataset}
label: { column: deny, positive: 'yes', negative: 'no', favourable: 'no' }
columns:
  - { name: person, type: string, class: identifier }
  - { name: deny, type: string, class: label, allowed: ['yes', 'no'] }
  - { name: income, type: number, class: feature, min: 0, max: 100000 }
`;
const csv = (...rows: string[]) => `${['person,deny,income', ...rows].join('\n')}\n`;
/** Less than the days after which ingestion deletes by itself, which would get in first. */
const before = new Date(Date.now() - 10 * 86_400_000).toISOString();

const house = new IngestionHouse();
let artifacts: LocalArtifactStore;
let child: ChildProcess | undefined;

const answers = async () =>
  (await house.events('steward.ingestion.retention.v1')).map((event) => ({
    runId: String(event['runId']),
    reportDigest: String(event['reportDigest']),
  }));

async function order(dataset: string): Promise<string> {
  const runId = newId();
  const orders = (['dataset-versions', 'quarantine', 'prediction-rows'] as const).map(
    (each): RetentionOrder => ({ class: each, dataset, days: 10, before }),
  );
  const told: RetentionOrders = { format: 'steward-retention-orders/1', runId, project: 'lending', orders };
  const { digest: ordersDigest } = await artifacts.put(Buffer.from(JSON.stringify(told)));
  await house.governance.say(RetentionOrdered, {
    subject: 'lending',
    project: 'lending',
    payload: { runId, mode: 'delete', ordersDigest, orders: orders.length },
  });
  return runId;
}

beforeAll(async () => {
  await house.open();
  artifacts = new LocalArtifactStore(join(house.folder, 'artifacts'));
  for (const dataset of DATASETS) {
    await house.putContract(dataset, contractOf(dataset)).expect(200);
    await house.upload(dataset, csv('ann,yes,1', 'bob,no,2', 'cid,perhaps,3')).expect(200);
    await house.upload(dataset, csv('dora,no,4')).expect(200);
    await house.predicted({
      dataset,
      inputs: [{ name: 'income', numbers: [9], texts: [], missing: [] }],
      scores: [0.5],
      labels: ['yes'],
    });
  }
  await eventually(async () =>
    expect(await house.rows('SELECT 1 FROM ingestion.prediction_rows')).toHaveLength(DATASETS.length),
  );
  for (const table of ['dataset_versions', 'batches', 'prediction_rows'])
    await house.rows(`UPDATE ingestion.${table} SET created_at = created_at - interval '20 days'`);
  for (const dataset of DATASETS) await house.upload(dataset, csv('eva,yes,5')).expect(200);
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await house.close();
});

it(`what is old goes once and never half, though ingestion is killed at ${KILLS} random points`, async () => {
  await house.running.service.close();
  const ordered = new Map<string, string>();
  const points: number[] = [];
  const allAnswered = async (): Promise<boolean> => {
    const told = new Set((await answers()).map(({ runId }) => runId));
    return [...ordered.keys()].every((id) => told.has(id));
  };
  for (let kills = 0; kills < KILLS || ordered.size < DATASETS.length; kills += 1) {
    const next = DATASETS[ordered.size];
    if (next !== undefined && (await allAnswered())) ordered.set(await order(next), next);
    points.push(1 + Math.floor(Math.random() * POINTS));
    child = startDying(house, points.at(-1)!);
    expect({ points, signal: await diesOrIsDone(child, allAnswered) }).toMatchObject({
      signal: 'SIGKILL',
    });
  }
  child = startDying(house, Infinity);
  await eventually(async () => {
    const told = (await answers()).map(({ runId }) => runId);
    for (const id of ordered.keys())
      expect({ points, told }).toMatchObject({ told: expect.arrayContaining([id]) });
  });
  const stopped = ended(child);
  child.kill('SIGTERM');
  await stopped;

  const told = await answers();
  expect({ points, told: told.length }).toEqual({ points, told: ordered.size });
  await house.start();
  const tables = new ObjectStoreDeltaTables(artifacts.objects);
  for (const { runId, reportDigest } of told) {
    const dataset = ordered.get(runId)!;
    const bytes = await artifacts.read(reportDigest);
    const { parts } = RetentionReport.parse(JSON.parse(bytes.toString('utf8')));
    const itemsOf = (store: string) =>
      parts.filter((part) => part.store === store).reduce((sum, { items }) => sum + items, 0);
    expect({ points, items: ['dataset-rows', 'quarantine', 'prediction-rows'].map(itemsOf) }).toEqual({
      points,
      items: [3, 1, 1],
    });
    const files = parts.filter(({ store }) => store === 'dataset-file');
    expect({ points, files: new Set(files.map(({ name }) => name)).size }).toEqual({
      points,
      files: files.length,
    });
    for (const [version, held] of [[], [], [5]].entries()) {
      const { columns } = await tables.read(`datasets/lending/${dataset}`, { version });
      expect({ points, version, held: columns['income'] }).toEqual({ points, version, held });
      const path = `/datasets/${dataset}/versions/${version + 1}`;
      const verified = (await house.get(`${path}/verification`).expect(200)).body;
      expect({ points, verified }).toMatchObject({ verified: { state: 'erased', rows: held.length } });
      expect(verified.erasures).toHaveLength(1);
    }
  }
  expect(await house.rows('SELECT 1 FROM ingestion.prediction_rows')).toEqual([]);
  const objects = await artifacts.objects.list('ingestion/batches');
  expect(objects.filter((path) => path.includes('quarantine'))).toEqual([]);
  const audited = (await house.events('steward.ingestion.audit.v1')).filter(
    (entry) => entry['action'] === 'retention.delete',
  );
  expect({ points, audited: audited.length }).toEqual({ points, audited: ordered.size });
});
