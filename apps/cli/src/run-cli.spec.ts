import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeSteward, problem } from './fake-steward.factory';

const ID = '01a208bf-747d-7472-9223-bd2f30d4e171';

describe('steward', () => {
  let steward: FakeSteward;
  beforeEach(async () => {
    steward = await FakeSteward.start();
  });
  afterEach(() => steward.stop());

  const file = (name: string, text: string): string => {
    const path = join(steward.folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('logs in from a pipe, keeps the token from others, and chooses the only project', async () => {
    steward
      .on('POST /governance/v1/login', {
        body: { token: 'fresh-token', expiresAt: '2099-01-01T00:00:00Z', principalId: 'p1' },
      })
      .on('GET /governance/v1/projects', { body: { items: [{ project: 'flights' }], next: null } })
      .on('GET /training/v1/projects/flights/runs', { body: { items: [], next: null } });
    const environment = { STEWARD_TOKEN: undefined, STEWARD_PROJECT: undefined };
    const login = await steward.run(['login', 'ada', '--json'], { environment, input: 'a password\nrest' });
    expect(login.exitCode).toBe(0);
    expect(JSON.parse(login.output)).toMatchObject({ user: 'ada', project: 'flights' });
    expect(login.output).not.toContain('fresh-token');
    expect(JSON.parse(steward.requests[0]!.body)).toEqual({ user: 'ada', password: 'a password' });
    expect(statSync(join(steward.folder, 'profile.json')).mode & 0o777).toBe(0o600);
    expect((await steward.run(['runs'], { environment })).exitCode).toBe(0);
    expect(steward.requests.at(-1)?.authorization).toBe('Bearer fresh-token');
  });

  it('sends a file as it is, registers the contract first, and prints the sum', async () => {
    const path = '/ingestion/v1/projects/lending/datasets/applications';
    const answer = {
      batch: ID,
      read: 12,
      accepted: 9,
      quarantined: 3,
      byRule: { key: 1, range: 2 },
      version: 1,
      duplicate: false,
    };
    steward
      .on(`PUT ${path}/contract`, { body: { version: 1, digest: 'abc', created: true } })
      .on(`POST ${path}/batches`, { body: answer });
    const csv = file('rows.csv', `a,b\n${'1,"x\ny"\n'.repeat(50_000)}`);
    const contract = file('contract.yaml', 'dataset: applications\n');
    const { exitCode, output } = await steward.run([
      'ingest',
      csv,
      '--dataset',
      'applications',
      '--contract',
      contract,
    ]);
    expect(exitCode).toBe(0);
    expect(output).toContain('12 read = 9 accepted + 3 quarantined (range 2, key 1)');
    const [first, second] = steward.requests;
    expect([first?.contentType, first?.body]).toEqual(['application/yaml', 'dataset: applications\n']);
    expect([second?.contentType, second?.body === readFileSync(csv, 'utf8')]).toEqual(['text/csv', true]);
  });

  it('says which file it cannot read before anything is sent', async () => {
    const { exitCode, errors } = await steward.run(['ingest', join(steward.folder, 'none.csv'), '-d', 'x']);
    expect(exitCode).toBe(1);
    expect(errors).toContain('none.csv cannot be read: there is none.');
    expect(steward.requests).toHaveLength(0);
  });

  it('waits for a run, and fails with it', async () => {
    const run = {
      id: ID,
      pipeline: 'p',
      state: 'running',
      startedAt: null,
      finishedAt: null,
      progress: { step: 'cross_validating', done: 1, total: 10, learner: 'gbm' },
      result: null,
    };
    let looks = 0;
    steward
      // The first time training has not heard of the dataset version yet.
      .on('POST /training/v1/projects/lending/pipelines/p/runs', () =>
        steward.requests.length < 2
          ? problem(404, 'TRAINING.DATASET_VERSION_NOT_FOUND', 'There is no version 3.')
          : { body: run },
      )
      .on(`GET /training/v1/projects/lending/runs/${ID}`, () => ({
        body: ++looks < 2 ? run : { ...run, state: 'failed', failureMessage: 'Too few rows.' },
      }));
    const { exitCode, output } = await steward.run(['train', 'p', '--dataset-version', '3', '--wait']);
    expect(JSON.parse(steward.requests[0]!.body)).toEqual({ datasetVersion: 3 });
    expect([exitCode, looks]).toEqual([1, 2]);
    expect(output).toContain('failed: Too few rows.');
  });

  it('approves the bytes that stand in the request', async () => {
    const path = `/governance/v1/projects/lending/approvals/${ID}`;
    const request = {
      id: ID,
      model: 'm',
      version: 2,
      digest: 'd'.repeat(64),
      alias: 'champion',
      state: 'granted',
      gates: [],
      excluded: [],
    };
    steward.on(`GET ${path}`, { body: request }).on(`POST ${path}/approve`, { body: request });
    const { output } = await steward.run(['approve', ID, '--reason', 'In order.']);
    expect(output).toContain('Granted: m version 2 becomes champion.');
    const sent = steward.requests.find(({ method }) => method === 'POST');
    expect(JSON.parse(sent!.body)).toEqual({ digest: request.digest, reason: 'In order.' });
  });

  it('predicts with the inputs of the model alone, over REST', async () => {
    steward
      .on('GET /v2/models/lending.m', {
        body: {
          inputs: [
            { name: 'x', datatype: 'FP64' },
            { name: 'y', datatype: 'BYTES' },
          ],
        },
      })
      .on('POST /v2/models/lending.m/infer', {
        body: {
          parameters: { prediction_id: ID },
          outputs: [
            { name: 'label', data: ['no', 'yes'] },
            { name: 'probability', data: [0.9, 0.1, 0.2, 0.8] },
          ],
        },
      });
    const rows = file('rows.csv', 'applicant,x,y,deny\nA-1,1.5,a,no\nA-2,,"b,c",yes\n');
    const { output } = await steward.run(['predict', 'm', '--file', rows, '--json']);
    expect(JSON.parse(output)).toEqual([
      { prediction: `${ID}/0`, label: 'no', probabilities: [0.9, 0.1] },
      { prediction: `${ID}/1`, label: 'yes', probabilities: [0.2, 0.8] },
    ]);
    const body = steward.requests.at(-1)!.body;
    expect(body).not.toContain('A-1');
    expect(JSON.parse(body)).toEqual({
      inputs: [
        { name: 'x', datatype: 'FP64', shape: [2, 1], data: [1.5, null] },
        { name: 'y', datatype: 'BYTES', shape: [2, 1], data: ['a', 'b,c'] },
      ],
    });
  });

  const explanation = {
    model: 'm',
    version: 3,
    classes: ['no', 'yes'],
    method: 'tree_shap',
    units: 'log_odds',
    calibrated: true,
    base: -1.25,
    base_rows: 1_905,
    rows: [
      {
        prediction: `${ID}/7`,
        held: false,
        label: 'yes',
        probability: 0.8123,
        margin: 1.5,
        contributions: [
          { column: 'x', value: null, contribution: -0.25 },
          { column: 'y', value: 'b,c', contribution: 3 },
        ],
      },
    ],
  };

  it('explains an earlier prediction: each column, the greatest first, and what it adds up to', async () => {
    steward.on(`GET /inference/v1/projects/lending/predictions/${ID}/7/explanation`, { body: explanation });
    const { output } = await steward.run(['explain', `${ID}/7`]);
    expect(output.trimEnd().split('\n')).toEqual([
      `${ID}/7: m version 3 says yes: yes has a probability of 0.8123.`,
      expect.stringMatching(/^COLUMN +VALUE +CONTRIBUTION +TOWARDS YES ->$/),
      expect.stringMatching(/^y +b,c +\+3\.0000 +│█{12}$/),
      expect.stringMatching(/^x +missing +-0\.2500 +█│$/),
      expect.stringMatching(/^expected over 1,905 training rows +-? +-1\.2500/),
      expect.stringMatching(/^margin \(the sum\) +-? +\+1\.5000/),
      'Contributions are in log-odds of yes. The probability is calibrated from it.',
    ]);
    expect(JSON.parse((await steward.run(['explain', `${ID}/7`, '--json'])).output)).toEqual(explanation);
    await steward.run(['explain', `${ID}/7`, '--what-if', '--immutable', 'x', '--immutable', 'y']);
    expect(Object.fromEntries(steward.requests.at(-1)!.url.searchParams)).toEqual({
      counterfactuals: 'true',
      immutable: 'x,y',
    });
    const wrong = await steward.run(['explain', `${ID}/7/8`]);
    expect(wrong).toMatchObject({ exitCode: 2, errors: expect.stringContaining('<prediction id>/<row>') });
  });

  it('explains what it predicts, and says what would turn the decision', async () => {
    const [row] = explanation.rows;
    const changes = [{ column: 'y', from: 'b,c', to: 'a' }];
    const found = [{ changes, label: 'no', probability: 0.1 }];
    const rows = [
      { ...row, counterfactuals: { complete: true, found } },
      {
        ...row,
        prediction: `${ID}/8`,
        held: true,
        label: '',
        probability: null,
        margin: null,
        contributions: [],
      },
      { ...row, counterfactuals: { complete: false, found: [] } },
    ];
    steward
      .on('GET /v2/models/lending.m', { body: { inputs: [{ name: 'y', datatype: 'BYTES' }] } })
      .on('POST /v2/models/lending.m/explain', { body: { explanation: { ...explanation, rows } } });
    const args = ['predict', 'm', '--row', 'y=b,c', '--what-if', '--immutable', 'x'];
    const { output } = await steward.run(args);
    expect(JSON.parse(steward.requests.at(-1)!.body)).toEqual({
      inputs: [{ name: 'y', datatype: 'BYTES', shape: [1, 1], data: ['b,c'] }],
      counterfactuals: { immutable: ['x'] },
    });
    expect(output).toContain('It would be no (0.1000) with y a instead of b,c.');
    expect(output).toContain(
      `${ID}/8: m version 3 leaves this row to a person; there is nothing to explain.`,
    );
    expect(output).toContain('The time was up before the search had ended.');
    const wrong = await steward.run([...args, '--grpc', '127.0.0.1:1']);
    expect(wrong).toMatchObject({ exitCode: 2, errors: expect.stringContaining('leave --grpc out') });
  });

  it('sends outcomes a thousand at a time and counts what was recorded', async () => {
    steward.on('POST /inference/v1/projects/lending/outcomes', ({ body }) => ({
      status: 202,
      body: { recorded: (JSON.parse(body) as { outcomes: unknown[] }).outcomes.length },
    }));
    const rows = Array.from({ length: 1_500 }, (_, row) => `${ID}/${row},yes,x`);
    const { output } = await steward.run([
      'outcomes',
      '--file',
      file('o.csv', ['prediction,label,more', ...rows].join('\n')),
    ]);
    expect(output).toBe('1,500 outcomes recorded.\n');
    expect(steward.requests).toHaveLength(2);
    const wrong = await steward.run(['outcomes', '--file', file('w.csv', 'id,label\n1,yes\n')]);
    expect(wrong.errors).toContain('has no column prediction; it has id, label.');
  });

  it('says which service is away and what waits for whom', async () => {
    for (const service of ['ingestion', 'training', 'inference', 'governance'])
      steward
        .on(`GET /${service}/health/ready`, { body: { status: 'ok', checks: {} } })
        .on(`GET /${service}/v1/dead-letters`, { body: { items: [], next: null } });
    steward
      .on('GET /monitoring/health/ready', {
        status: 503,
        body: { status: 'failed', checks: { database: { ok: false, detail: 'away' } } },
      })
      .on('GET /monitoring/v1/dead-letters', { body: { items: [{ id: ID }], next: null } })
      .on('GET /governance/v1/projects/lending/approvals', {
        body: {
          items: [
            {
              id: ID,
              model: 'm',
              version: 2,
              alias: 'champion',
              gates: [{ gate: 'minimumAuc', passed: false }],
              excluded: [{ person: 'p1', because: 'started_run' }],
            },
          ],
          next: null,
        },
      })
      .on('GET /governance/v1/users/p1', { body: { id: 'p1', user: 'ada' } })
      .on('GET /monitoring/v1/projects/lending/alerts', problem(403, 'ACCESS.FORBIDDEN', 'Not for you.'))
      .on('GET /training/v1/projects/lending/retrain-requests', { body: { items: [], next: null } });
    const { exitCode, output } = await steward.run(['status']);
    expect(exitCode).toBe(1);
    for (const text of [
      'NOT READY',
      'database (away)',
      'an approver, not ada',
      'failed: minimumAuc',
      '1 of monitoring',
      'Not for you.',
    ])
      expect(output).toContain(text);
  });

  it('shows the later events of a dead letter before it replays past them', async () => {
    const letter = {
      id: ID,
      topic: 't',
      partition: 0,
      offset: 4,
      key: 'k',
      type: 'e',
      consumer: 'c',
      code: 'X',
      reason: 'r',
      state: 'waiting',
      createdAt: '2026-01-01T00:00:00Z',
      later: [{ offset: 9, type: 'later.event', time: '2026-01-01T00:00:01Z' }],
    };
    steward
      .on(`GET /training/v1/dead-letters/${ID}`, { body: letter })
      .on(`POST /training/v1/dead-letters/${ID}/replay`, ({ body }) =>
        (JSON.parse(body) as { laterSeen?: number }).laterSeen === 9
          ? { body: { ...letter, state: 'replayed' } }
          : problem(409, 'EVENT.LATER_EVENTS_UNSEEN', 'Later events of this key exist.'),
      );
    const refused = await steward.run(['deadletters', '--replay', ID]);
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain('later.event');
    expect(refused.errors).toContain(`steward deadletters --replay ${ID} --later-seen 9`);
    const done = await steward.run(['deadletters', '--replay', ID, '--later-seen', '9']);
    expect([done.exitCode, done.output]).toEqual([0, 'Replayed by training.\n']);
  });

  it('brings a model from elsewhere: the signature as JSON, and the file behind it', async () => {
    let sent = '';
    steward.on('POST /training/v1/projects/lending/models/m/imports', ({ body }) => {
      sent = body;
      return {
        status: 201,
        body: { version: 3, digest: 'd'.repeat(64), descriptor: { inputs: [{ name: 'pirat' }] } },
      };
    });
    const [file, signature] = [join(steward.folder, 'm.onnx'), join(steward.folder, 'm.yaml')];
    writeFileSync(file, 'ONNX');
    writeFileSync(signature, 'dataset: applications\ninputs: [pirat]\n');
    const done = await steward.run(['models', 'import', file, '--model', 'm', '--signature', signature]);
    expect([done.exitCode, done.output]).toEqual([0, expect.stringContaining('m v3')]);
    expect(sent).toBe('{"dataset":"applications","inputs":["pirat"]}ONNX');
    expect((await steward.run(['models', 'import', file, '--model', 'm'])).exitCode).toBe(2);
  });

  it('writes downloads of a version into a file', async () => {
    steward.on('GET /training/v1/projects/lending/models/m/versions/2/evaluation', { body: { chosen: 0 } });
    const target = join(steward.folder, 'evaluation.json');
    const { exitCode } = await steward.run([
      'models',
      'm',
      '--version',
      '2',
      '--download',
      'evaluation',
      target,
    ]);
    expect([exitCode, existsSync(target) && readFileSync(target, 'utf8')]).toEqual([0, '{"chosen":0}']);
    expect(
      (await steward.run(['models', 'm', '--version', '2', '--download', 'weights', target])).exitCode,
    ).toBe(2);
  });
});
