import { LocalArtifactStore } from '@steward/artifacts';
import { RetentionHoldChanged, RetentionOrdered, type RetentionMode } from '@steward/contracts';
import { DeltaTables } from '@steward/delta';
import { newId } from '@steward/kernel';
import { RetentionOrders, RetentionReport, type RetentionOrder } from '@steward/subjects';
import { eventually } from '@steward/testing';
import { join } from 'node:path';
import { DeleteOldQuarantine } from '../src/batches/delete-old-quarantine';
import { PredictionRowRepository } from '../src/labelled/prediction-row.repository';
import { IngestionHouse } from './support/running-ingestion';

jest.setTimeout(120_000);

const contract = `
dataset: people
label: { column: deny, positive: 'yes', negative: 'no', favourable: 'no' }
columns:
  - { name: person, type: string, class: identifier, maxLength: 40, normalise: [trim, uppercase] }
  - { name: deny, type: string, class: label, allowed: ['yes', 'no'] }
  - { name: income, type: number, class: feature, min: 0, max: 100000 }
`;
const csv = (...rows: string[]) => `${['person,deny,income', ...rows].join('\n')}\n`;
const DAY_MS = 86_400_000;
const house = new IngestionHouse();
let artifacts: LocalArtifactStore;

const envelope = { subject: 'lending', project: 'lending' };
const order = (each: RetentionOrder['class'], days = 30): RetentionOrder => ({
  class: each,
  dataset: 'people',
  days,
  before: new Date(Date.now() - days * DAY_MS).toISOString(),
});
async function ask(mode: RetentionMode, orders: RetentionOrder[], runId = newId()) {
  const told: RetentionOrders = { format: 'steward-retention-orders/1', runId, project: 'lending', orders };
  const { digest: ordersDigest } = await artifacts.put(Buffer.from(JSON.stringify(told)));
  await house.governance.say(RetentionOrdered, {
    ...envelope,
    payload: { runId, mode, ordersDigest, orders: orders.length },
  });
  const answer = await eventually(async () => {
    const [found] = (await house.events('steward.ingestion.retention.v1')).filter(
      (event) => event['runId'] === runId && event['mode'] === mode,
    );
    expect(found).toBeDefined();
    return found!;
  });
  const bytes = await artifacts.read(String(answer['reportDigest']));
  return { answer, runId, report: RetentionReport.parse(JSON.parse(bytes.toString('utf8'))) };
}
const versions = async () => (await house.get('/datasets/people/versions').expect(200)).body.items;
const incomes = async (version: number) =>
  (await house.running.app.get(DeltaTables).read('datasets/lending/people', { version: version - 1 }))
    .columns['income'];
/** As if everything that is there now had come so many days ago. */
const age = (days: number) =>
  Promise.all([
    house.rows(`UPDATE ingestion.dataset_versions SET created_at = created_at - make_interval(days => $1)`, [
      days,
    ]),
    house.rows(`UPDATE ingestion.batches SET created_at = created_at - make_interval(days => $1)`, [days]),
    house.rows(`UPDATE ingestion.prediction_rows SET created_at = created_at - make_interval(days => $1)`, [
      days,
    ]),
  ]);

beforeAll(async () => {
  await house.open();
  artifacts = new LocalArtifactStore(join(house.folder, 'artifacts'));
  await house.putContract('people', contract).expect(200);
  await house.upload('people', csv('ann-1,yes,1', 'bob-2,no,2', 'cid-3,perhaps,3')).expect(200);
  await house.upload('people', csv('dora-4,no,4')).expect(200);
  await house.predicted({
    dataset: 'people',
    inputs: [{ name: 'income', numbers: [9], texts: [], missing: [] }],
    scores: [0.5],
    labels: ['yes'],
  });
  await eventually(async () =>
    expect(await house.rows('SELECT 1 FROM ingestion.prediction_rows')).toHaveLength(1),
  );
  await age(100);
  await house.upload('people', csv('eva-5,yes,5')).expect(200);
});
afterAll(() => house.close());

describe('what has outlived its time', () => {
  const all = () => [order('dataset-versions'), order('quarantine'), order('prediction-rows')];

  it('is counted, and nothing of it goes', async () => {
    const { answer, report } = await ask('count', all());
    expect(answer).toMatchObject({ items: 5, held: 0 });
    expect(report.parts.map(({ store, name, items }) => [store, name, items])).toEqual([
      ['dataset-rows', 'people', 3],
      ['quarantine', 'people', 1],
      ['prediction-rows', 'people', 1],
    ]);
    expect(JSON.stringify(report).toLowerCase()).not.toContain('ann-1');
    expect(await incomes(3)).toEqual([1, 2, 4, 5]);
    expect((await ask('count', [order('dataset-versions', 1_000)])).answer).toMatchObject({ items: 0 });
  });

  it('stays where a legal hold covers it, against the service’s own settings as well', async () => {
    const holdId = newId();
    const hold = { holdId, dataset: 'people', class: null, until: null };
    await house.governance.say(RetentionHoldChanged, { ...envelope, payload: { ...hold, state: 'placed' } });
    const { answer, report } = await ask('delete', all());
    expect(answer).toMatchObject({ items: 0, held: 3 });
    expect(report.held).toContainEqual({ class: 'quarantine', dataset: 'people', holdId });
    const rows = house.running.app.get(PredictionRowRepository);
    expect(await rows.deleteBefore(new Date())).toBe(0);
    // A batch's id tells its age to the service's own deletion: seen from next year all are old.
    const own = house.running.app.get(DeleteOldQuarantine);
    const later = jest.spyOn(Reflect.get(own, 'clock') as { now(): number }, 'now');
    later.mockReturnValue(Date.now() + 365 * DAY_MS);
    await own.execute();
    later.mockRestore();
    expect((await house.get('/datasets/people/batches').expect(200)).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ quarantined: 1, quarantineDeletedAt: null })]),
    );
    await house.governance.say(RetentionHoldChanged, { ...envelope, payload: { ...hold, state: 'lifted' } });
  });

  it('goes from every version, once, though the service stopped in between; what came later stays', async () => {
    const before = await versions();
    const tables = house.running.app.get(DeltaTables);
    const original = tables.erase.bind(tables);
    let broken = 0;
    const stop = jest.spyOn(tables, 'erase').mockImplementation(async (path, match, note) => {
      await original(path, match, note);
      broken += 1;
      if (broken === 1) throw new Error('the process stops after the files, before the figures');
    });
    const { answer, report, runId } = await ask('delete', all());
    stop.mockRestore();
    expect(broken).toBe(2);
    expect(answer).toMatchObject({ items: 5, held: 0 });
    const files = report.parts.filter(({ store }) => store === 'dataset-file');
    expect(files).toHaveLength(2);
    for (const file of files) expect(file).toMatchObject({ newDigest: null, items: 0 });
    expect(files.every(({ oldDigest }) => /^[0-9a-f]{64}$/.test(oldDigest ?? ''))).toBe(true);
    expect(await incomes(1)).toEqual([]);
    expect(await incomes(2)).toEqual([]);
    expect(await incomes(3)).toEqual([5]);
    const after = await versions();
    expect(after.map((each: { rows: number; erasedRows: number }) => [each.rows, each.erasedRows])).toEqual([
      [1, 3],
      [0, 3],
      [0, 2],
    ]);
    expect(after.map((each: { digest: string }) => each.digest)).toEqual(
      before.map((each: { digest: string }) => each.digest),
    );
    const verified = (await house.get('/datasets/people/versions/3/verification').expect(200)).body;
    expect(verified).toMatchObject({ state: 'erased', rows: 1, erasures: [{ requestId: runId, rows: 3 }] });
    expect(await house.rows('SELECT 1 FROM ingestion.prediction_rows')).toEqual([]);
    const objects = await artifacts.objects.list('ingestion/batches');
    expect(objects.filter((path) => path.includes('quarantine'))).toEqual([]);

    // Ordered again there is nothing left, and the next batch finds its place.
    expect((await ask('count', all())).answer).toMatchObject({ items: 0 });
    await house.upload('people', csv('fay-6,no,6')).expect(200);
    expect(await incomes(4)).toEqual([5, 6]);
    const next = (await house.get('/datasets/people/versions/4/verification').expect(200)).body;
    expect(next).toMatchObject({ state: 'reproduced', rows: 2 });
    const audited = (await house.events('steward.ingestion.audit.v1')).filter(
      (entry) => entry['action'] === 'retention.delete',
    );
    expect(audited.map((entry) => (entry['object'] as { id: string }).id)).toContain(runId);
  });
});
