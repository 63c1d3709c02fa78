import { LogKey, signDocument } from '@steward/audit-log';
import { FakeSteward } from '../fake-steward.factory';

const ID = '01a208bf-747d-7472-9223-bd2f30d4e171';
const base = '/governance/v1/projects/lending/retention';
const part = {
  service: 'ingestion',
  class: 'dataset-versions',
  store: 'dataset-rows',
  name: 'people',
  items: 1_200,
  oldest: '2025-01-01T00:00:00.000Z',
};
const run = {
  id: ID,
  state: 'counted',
  unattended: false,
  openedBy: 'u-petra',
  openedAt: '2026-01-01T00:00:00.000Z',
  confirmedBy: null,
  deletedItems: null,
  counts: [part],
  held: [{ class: 'consents', dataset: null, holdId: 'h-1' }],
};

describe('steward retention', () => {
  let steward: FakeSteward;
  beforeEach(async () => {
    steward = await FakeSteward.start();
  });
  afterEach(() => steward.stop());

  it('shows how long things are kept and why', async () => {
    steward.on(`GET ${base}/schedule`, {
      body: {
        items: [
          {
            class: 'dataset-versions',
            dataset: 'people',
            days: 365,
            enforced: true,
            because: [{ kind: 'purpose', name: 'lending', days: 365 }],
          },
        ],
      },
    });
    const { output } = await steward.run(['retention', 'schedule']);
    expect(output).toContain('365');
    expect(output).toContain('purpose lending');
  });

  it('opens a run, shows what would go, confirms it', async () => {
    steward
      .on(`POST ${base}/runs`, { body: { ...run, state: 'counting', counts: null } })
      .on(`GET ${base}/runs`, { body: { items: [run] } })
      .on(`GET ${base}/runs/${ID}`, { body: run })
      .on(`POST ${base}/runs/${ID}/confirm`, { body: { ...run, state: 'deleting' } });
    await steward.run(['retention', 'run', '--class', 'consents', '--class', 'audit-notes']);
    expect(JSON.parse(steward.requests[0]!.body)).toEqual({ classes: ['consents', 'audit-notes'] });
    expect((await steward.run(['retention', 'runs'])).output).toContain('1,200');
    const shown = (await steward.run(['retention', 'runs', ID])).output;
    expect(shown).toContain('people');
    expect(shown).toContain('Held: consents');
    expect((await steward.run(['retention', 'confirm', ID])).output).toContain('deleting');
  });

  it('places legal holds with a reason alone', async () => {
    steward.on(`POST ${base}/holds`, { body: { id: ID } });
    expect((await steward.run(['retention', 'hold', '-d', 'people'])).exitCode).toBe(2);
    await steward.run(['retention', 'hold', '-d', 'people', '--reason', 'A claim.']);
    expect(JSON.parse(steward.requests[0]!.body)).toEqual({
      reason: 'A claim.',
      dataset: 'people',
      class: null,
      until: null,
    });
  });

  it('verifies the evidence, and refuses one that was changed', async () => {
    const key = LogKey.generate('steward');
    const document = {
      runId: ID,
      confirmedBy: 'u-dan',
      services: [{ service: 'ingestion', deleted: [part] }],
    };
    const signed = signDocument('steward-retention-evidence/1', document, key);
    steward.on('GET /governance/v1/audit/public-key', { body: { publicKey: key.verifier.text } });
    steward.on(`GET ${base}/runs/${ID}/evidence`, { body: signed });
    expect((await steward.run(['retention', 'evidence', ID])).output).toContain('confirmed by u-dan');
    const forged = { ...signed, document: { ...document, confirmedBy: 'u-eve' } };
    steward.on(`GET ${base}/runs/${ID}/evidence`, { body: forged });
    const refused = await steward.run(['retention', 'evidence', ID]);
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain('a part was changed');
  });
});
