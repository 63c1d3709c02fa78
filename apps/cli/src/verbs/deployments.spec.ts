import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeSteward, problem } from '../fake-steward.factory';

const DEPLOYMENT = {
  name: 'lending.approval',
  model: 'approval',
  planVersion: 2,
  changedBy: 'u-eva',
  changedAt: '2026-11-23T12:00:00.000Z',
  aliases: [],
  traffic: [
    { role: 'champion', version: 1, percent: 95 },
    { role: 'canary', version: 2, percent: 5 },
  ],
  versions: [2, 1],
  labels: { champion: 1, canary: 2 },
  rollout: {
    id: 'r1',
    state: 'running',
    step: 0,
    percent: 5,
    steps: [5, 25],
    falseRollbackRate: 0.05,
    reason: 'started',
    version: 2,
    championVersion: 1,
    startedAt: '2026-11-23T12:00:00.000Z',
    stepAt: '2026-11-23T12:00:00.000Z',
    endedAt: null,
    gates: [
      {
        gate: 'outcomes',
        verdict: 'waiting',
        difference: { value: 0.0123, lower: -0.2, upper: 0.3 },
        observed: 42,
        minimum: 100,
        tolerance: 0,
        margin: 0.1,
      },
    ],
    moves: [
      { state: 'running', step: 0, percent: 5, reason: 'started', movedAt: '2026-11-23T12:00:00.000Z' },
    ],
  },
  experiment: {
    id: 'ab-1',
    arms: [
      {
        version: 1,
        requests: 1_234,
        outcomes: 0,
        failed: { value: 0, lower: 0, upper: 0.1 },
        wrong: null,
        failedDifference: null,
        wrongDifference: null,
      },
    ],
  },
  shadow: null,
  plan: {
    limits: {
      caller: { requestsPerSecond: 50, rowsPerDay: 10_000 },
      callers: { vip: { rowsPerDay: 90_000 } },
    },
    round: 2,
    domain: { check: 'refuse', tolerance: 0.1, isolation: 0.999 },
  },
  domainKnown: false,
  isolation: 'imported',
  log: { mode: 'buffered', away: true, spooledBytes: 2_000, lostEvents: 3 },
};
const PATH = '/inference/v1/projects/lending/deployments/approval';

describe('steward deployments', () => {
  let steward: FakeSteward;
  beforeEach(async () => {
    steward = await FakeSteward.start();
  });
  afterEach(() => steward.stop());

  it('shows shares, gates and what is wrong with the log', async () => {
    steward.on(`GET ${PATH}`, { body: DEPLOYMENT });
    const { exitCode, output } = await steward.run(['deployments', 'show', 'approval']);
    expect(exitCode).toBe(0);
    for (const part of [
      'champion v1 95.0 %, canary v2 5.0 %',
      'Canary v2 beside v1: running',
      'step 1 of 2',
      '42 of 100',
      '0.012',
      'the bus is away',
      '3 events LOST',
      '1,234',
      'each caller 50 requests a second, 10,000 rows a day; vip 90,000 rows a day',
      'rounded to 2 decimals',
      'are refused, 10 % beyond the range, BUT the reference cannot be read',
    ]) {
      expect(output).toContain(part);
    }
    const json = await steward.run(['deployments', 'show', 'approval', '--json']);
    expect(JSON.parse(json.output)).toEqual(DEPLOYMENT);
  });

  it('sends a plan as it is, and says why one is refused', async () => {
    const plan = 'canary:\n  steps: [5, 25]\n';
    const file = join(steward.folder, 'plan.yaml');
    writeFileSync(file, plan);
    steward.on(`PUT ${PATH}`, { body: DEPLOYMENT });
    expect((await steward.run(['deployments', 'set', 'approval', '--file', file])).exitCode).toBe(0);
    expect(steward.requests[0]).toMatchObject({ body: plan, contentType: 'application/yaml' });
    steward.on(`PUT ${PATH}`, problem(400, 'INFERENCE.PLAN_INVALID', 'Arms take too much.'));
    const refused = await steward.run(['deployments', 'set', 'approval', '--file', file]);
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain('Arms take too much.');
  });

  it('takes a model out of service and back', async () => {
    for (const verb of ['unload', 'load']) {
      steward.on(`POST /v2/repository/models/lending.approval/${verb}`, { body: {} });
      const done = await steward.run(['deployments', verb, 'approval']);
      expect(done).toMatchObject({ exitCode: 0, output: expect.stringContaining('lending.approval') });
    }
    const path = '/v2/repository/models/lending.approval/load';
    steward.on(`POST ${path}`, problem(409, 'INFERENCE.MODEL_NOT_APPROVED', 'Loading approves nothing.'));
    const refused = await steward.run(['deployments', 'load', 'approval']);
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain('Loading approves nothing.');
  });

  it('takes a canary on and back, and asks for an alias', async () => {
    for (const verb of ['advance', 'rollback']) {
      steward.on(`POST ${PATH}/${verb}`, { body: DEPLOYMENT });
      expect((await steward.run(['deployments', verb, 'approval'])).exitCode).toBe(0);
    }
    steward.on('POST /training/v1/projects/lending/models/approval/versions/2/approval-requests', {
      status: 201,
      body: { requestId: 'q1' },
    });
    const asked = await steward.run(['deployments', 'request', 'approval', '2', '--alias', 'canary']);
    expect(asked.output).toContain('approval request q1');
    expect(JSON.parse(steward.requests.at(-1)!.body)).toEqual({ alias: 'canary' });
    steward.on('GET /inference/v1/projects/lending/deployments', {
      body: {
        items: [
          {
            ...DEPLOYMENT,
            alias: 'champion',
            version: 1,
            state: 'serving',
            digest: 'a'.repeat(64),
            failure: null,
          },
        ],
        next: null,
      },
    });
    expect((await steward.run(['deployments', 'show'])).output).toContain('champion');
  });
});
