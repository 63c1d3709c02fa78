import { BreachScoped } from '@steward/contracts';
import { newId, newPseudonym } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { IngestionHouse } from './support/running-ingestion';

jest.setTimeout(60_000);

const house = new IngestionHouse();
beforeAll(() => house.open({}), 60_000);
afterAll(() => house.close());

const AT = Date.parse('2026-05-01T12:00:00Z');
const [ada, bob, cid] = [newPseudonym(), newPseudonym(), newPseudonym()];
const DAY_MS = 24 * 3_600_000;

const ask = async (change: object): Promise<Record<string, unknown>> => {
  const breachId = newId();
  await house.governance.say(BreachScoped, {
    subject: breachId,
    project: 'lending',
    payload: {
      breachId,
      from: new Date(AT).toISOString(),
      to: new Date(AT + DAY_MS).toISOString(),
      callers: [],
      dataset: null,
      ...change,
    },
  });
  return eventually(async () => {
    const answer = (await house.events('steward.ingestion.breach-exposure.v1')).find(
      (event) => event['breachId'] === breachId,
    );
    if (!answer) throw new Error('No answer yet.');
    return answer;
  });
};

describe('what a breach may have exposed, on PostgreSQL', () => {
  it('is told by time, caller and dataset, with the pseudonyms as an artifact', async () => {
    const row = { scores: [0.5], labels: ['yes'] };
    await house.predicted({ ...row, subjects: [ada], timeMs: AT, caller: 'm-1' });
    await house.predicted({ ...row, subjects: [bob], timeMs: AT + 1_000, caller: 'm-2' });
    await house.predicted({ ...row, subjects: [ada], timeMs: AT + 2_000, caller: 'm-2' });
    await house.predicted({ ...row, subjects: [bob], timeMs: AT + 3_000, caller: 'm-2', dataset: 'other' });
    await house.predicted({ ...row, subjects: [cid], timeMs: AT + DAY_MS, caller: 'm-1' });
    await eventually(async () =>
      expect(await house.rows('SELECT 1 FROM ingestion.prediction_rows')).toHaveLength(5),
    );
    expect(await ask({})).toMatchObject({ predictionRows: 4, datasetRows: 0, subjects: 2 });
    expect(await ask({ callers: ['m-2'] })).toMatchObject({ predictionRows: 3, subjects: 2 });
    expect(await ask({ callers: ['m-1'] })).toMatchObject({ predictionRows: 1, subjects: 1 });
    expect(await ask({ dataset: 'other' })).toMatchObject({ predictionRows: 1, datasetRows: 0, subjects: 1 });
    expect(await ask({ callers: ['nobody'] })).toMatchObject({ predictionRows: 0, subjects: 0 });
    const audit = await house.events('steward.ingestion.audit.v1');
    expect(audit.filter(({ action }) => action === 'breach.expose')).toHaveLength(5);
  });
});
