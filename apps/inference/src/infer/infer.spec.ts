import { PredictionLogged, type ModelDescriptor, type PredictionLoggedMessage } from '@steward/contracts';
import { errors, FixedClock } from '@steward/kernel';
import type { TelemetryLog } from '@steward/messaging';
import type { ExplainRequest } from '../explain/explain-request';
import type { ExplainedMargins, ExplanationBasis } from '../explain/explanation';
import { PredictionLog } from '../prediction-log/prediction-log';
import { PredictionLogConfig } from '../prediction-log/prediction-log.config';
import { PredictionLogMetrics } from '../prediction-log/prediction-log.metrics';
import type { CompareVersions } from '../rollouts/compare-versions';
import { ServingTable } from '../deployments/serving-table';
import { descriptor } from './descriptor.factory';
import { answerParameters } from './answer-parameters';
import { heldRows, type HoldingPolicy } from '../held-decisions/held-rows';
import type { HeldRequest, HoldDecisions } from '../held-decisions/hold-decisions';
import { EMPTY_POLICY, type Principal } from '@steward/access';
import { DeploymentPlan } from '../deployments/deployment-plan';
import { CallerAllowances } from '../guards/caller-allowances';
import { GuardMetrics } from '../guards/guard.metrics';
import type { InputDomain } from '../guards/input-domain';
import { InstallationLimits } from '../guards/installation-limits';
import { LimitSettings } from '../guards/limit-settings';
import { RowQuotas } from '../guards/row-quotas';
import { ServingGuards } from '../guards/serving-guards';
import { Infer } from './infer';
import { outputsOf } from './outputs';
import { InferenceMetrics } from './inference.metrics';
import type { Engine } from '../engines/engine';
import type { Tensor } from './tensor';

const tensors: Tensor[] = [
  { name: 'pirat', datatype: 'FP64', shape: [2, 1], numbers: Float64Array.from([0.2, 0.9]), texts: null },
  { name: 'single', datatype: 'BYTES', shape: [2, 1], numbers: null, texts: ['no', 'yes'] },
];

const basis: ExplanationBasis = {
  method: 'tree_shap',
  units: 'log_odds',
  calibrated: false,
  base: 0.5,
  base_over: 'training_rows',
  base_rows: 100,
};
const explained = (width: number, rows: number): ExplainedMargins => ({
  basis,
  margins: new Float64Array(rows).fill(1.5),
  contributions: new Float64Array(rows * width).fill(1 / width),
  counterfactuals: [],
});

function set(
  append: () => Promise<never> | Promise<void>,
  holding?: HoldingPolicy,
  plan: object = {},
  domains: readonly (InputDomain | null)[] | null = null,
) {
  const logged: PredictionLoggedMessage[] = [];
  const log = {
    append: async (definition: unknown, event: { payload: PredictionLoggedMessage }) => {
      expect(definition).toBe(PredictionLogged);
      await append();
      logged.push(event.payload);
    },
    sealed: () => ({
      sealEncoded: (_definition: unknown, event: object, value: Uint8Array) => ({
        ...event,
        value: Buffer.from(value),
      }),
    }),
    send: (events: { value: Buffer }[]) => {
      logged.push(...events.map(({ value }) => PredictionLogged.codec.decode(value)));
      return Promise.resolve();
    },
  } as unknown as TelemetryLog;
  const table = new ServingTable();
  const engine: Engine = {
    kind: 'scorer',
    close: () => Promise.resolve(),
    score: (columns, rows) =>
      Float64Array.from({ length: rows * 2 }, (_, index) => {
        const positive = Number(columns[0]!.values[index >> 1]);
        return index % 2 ? positive : 1 - positive;
      }),
  };
  table.put({ project: 'lending-1', descriptor: descriptor(), engine, domains }, DeploymentPlan.parse(plan));
  const predictions = new PredictionLog(
    log,
    new PredictionLogConfig('/nowhere', 1_000_000, 0),
    new PredictionLogMetrics(),
  );
  const compare = { answered: () => undefined, failed: () => true } as unknown as CompareVersions;
  const queued: HeldRequest[] = [];
  const holds = {
    rowsOf: (_project: string, _model: unknown, scores: ArrayLike<number>, labels: readonly string[]) =>
      heldRows(holding, scores, labels),
    queue: (request: HeldRequest) => Promise.resolve(void queued.push(request)),
  } as unknown as HoldDecisions;
  const explainer = {
    execute: (_name: string, { inputs }: ModelDescriptor, { rows }: { rows: number }) =>
      Promise.resolve(explained(inputs.length, rows)),
  } as unknown as ExplainRequest;
  const [clock, metrics] = [new FixedClock(), new GuardMetrics()];
  const quotas = new RowQuotas();
  quotas.read([]);
  const allowances = new CallerAllowances(
    new InstallationLimits(new LimitSettings('{}'), { current: EMPTY_POLICY }),
    quotas,
    metrics,
    clock,
    false,
  );
  const guards = new ServingGuards(table, allowances, metrics);
  const infer = new Infer(
    table,
    predictions,
    compare,
    holds,
    guards,
    clock,
    new InferenceMetrics(),
    explainer,
  );
  const enter = () => guards.enter(machine, 'lending-1.approval');
  return { logged, queued, table, infer, enter };
}

const command = {
  name: 'lending-1.approval',
  version: '',
  tensors,
  subject: undefined,
  outputs: [],
  caller: 'c',
  correlation: 'k',
  allowances: [],
};

const machine: Principal = {
  id: 'm-desk',
  kind: 'machine',
  roles: [],
  credential: { kind: 'api-key', id: '0123456789abcdef' },
};

describe('Infer', () => {
  it('keeps back what a person decides, logs what the model would have decided, and queues it', async () => {
    const policy = { active: true, labels: ['yes'], band: null };
    const { infer, logged, queued } = set(() => Promise.resolve(), policy);
    const result = await infer.execute(command);
    expect(result.labels).toEqual(['no', '']);
    expect([...result.probabilities]).toEqual([0.8, 0.2, Number.NaN, Number.NaN]);
    expect(logged[0]).toMatchObject({ labels: ['no', 'yes'], scores: [0.2, 0.9], held: { rows: [1] } });
    expect(queued).toMatchObject([
      { predictionId: result.predictionId, held: [{ row: 1, because: 'label' }] },
    ]);
    expect(answerParameters(result)).toMatchObject({ decision: 'pending_review', held_rows: '1' });
  });

  it('explains what it answers, and of a row that is held nothing', async () => {
    const policy = { active: true, labels: ['yes'], band: null };
    const { infer } = set(() => Promise.resolve(), policy);
    const result = await infer.execute({ ...command, explain: {} });
    const { predictionId } = result;
    expect(result.explanation).toEqual({
      ...basis,
      model: 'approval',
      version: 1,
      digest: 'a'.repeat(64),
      classes: ['no', 'yes'],
      rows: [
        {
          prediction: `${predictionId}/0`,
          held: false,
          label: 'no',
          probability: 0.2,
          margin: 1.5,
          contributions: [
            { column: 'pirat', value: 0.2, contribution: 0.5 },
            { column: 'single', value: 'no', contribution: 0.5 },
          ],
        },
        {
          prediction: `${predictionId}/1`,
          held: true,
          label: '',
          probability: null,
          margin: null,
          contributions: [],
        },
      ],
    });
    const outputs = outputsOf(result, []);
    expect(outputs.map(({ name, shape, numbers }) => [name, shape, numbers && [...numbers]])).toEqual([
      ['label', [2], null],
      ['probability', [2, 2], [0.8, 0.2, NaN, NaN]],
      ['contribution', [2, 2], [0.5, 0.5, NaN, NaN]],
      ['margin', [2], [1.5, NaN]],
    ]);
    expect(JSON.parse(String(answerParameters(result).explanation))).toEqual({
      ...basis,
      columns: ['pirat', 'single'],
    });
  });

  it('decides by the threshold and logs what it answers', async () => {
    const { infer, logged } = set(() => Promise.resolve());
    const result = await infer.execute(command);
    expect(result.labels).toEqual(['no', 'yes']);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({
      predictionId: result.predictionId,
      scores: [0.2, 0.9],
      labels: ['no', 'yes'],
      modelVersion: 1,
      caller: 'c',
    });
  });

  it('rounds what it tells and logs, and decides by the exact score', async () => {
    const { infer, logged } = set(() => Promise.resolve(), undefined, { round: 1 });
    const close = Float64Array.from([0.46, 0.54]);
    const result = await infer.execute({
      ...command,
      tensors: [{ ...tensors[0]!, numbers: close }, tensors[1]!],
    });
    expect(result.labels).toEqual(['no', 'yes']);
    expect([...result.probabilities]).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(logged[0]).toMatchObject({ scores: [0.5, 0.5], labels: ['no', 'yes'], scoreDecimals: 1 });
    expect(answerParameters(result)).toMatchObject({ score_decimals: '1' });
    // Contributions add up to the exact score.
    await expect(
      infer.execute({ ...command, explain: { counterfactuals: 0 } as never }),
    ).rejects.toMatchObject({
      code: 'INFERENCE.EXPLANATION_WITHHELD',
    });
  });

  const domains: InputDomain[] = [
    { name: 'pirat', range: { min: 0, max: 0.5 }, categories: null, missing: false },
    { name: 'single', range: null, categories: new Set(['no']), missing: false },
  ];

  it('flags rows unlike the reference, in the answer and in the log', async () => {
    const { infer, logged } = set(() => Promise.resolve(), undefined, { domain: { check: 'flag' } }, domains);
    const result = await infer.execute(command);
    expect(logged[0]!.outOfDomain).toEqual({ rows: [1], columns: ['pirat', 'single'] });
    expect(answerParameters(result)).toMatchObject({
      out_of_domain: '1',
      out_of_domain_rows: '1',
      out_of_domain_columns: 'pirat,single',
    });
  });

  it('says so where the reference cannot be read, and nothing where nobody asked', async () => {
    const { infer } = set(() => Promise.resolve(), undefined, { domain: { check: 'refuse' } }, null);
    expect(answerParameters(await infer.execute(command))).toMatchObject({ out_of_domain: 'unchecked' });
    const off = set(() => Promise.resolve(), undefined, { domain: { check: 'off' } }, domains);
    const result = await off.infer.execute(command);
    expect(result.guarded).toBeNull();
    expect(Object.keys(answerParameters(result))).toEqual(['prediction_id', 'prediction_log']);
    expect(Object.keys(off.logged[0]!)).not.toContain('outOfDomain');
  });

  it('refuses such rows where the plan says so: named by row and column, no value repeated, nothing logged or counted', async () => {
    const plan = { domain: { check: 'refuse' }, limits: { caller: { rowsPerDay: 2 } } };
    const { infer, logged, enter } = set(() => Promise.resolve(), undefined, plan, domains);
    const secret = { ...tensors[1]!, texts: ['no', 'a secret of somebody'] };
    const refused = infer.execute({ ...command, tensors: [tensors[0]!, secret], allowances: enter() });
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid',
      code: 'INFERENCE.OUT_OF_DOMAIN',
      message: 'Row 1 of the input "pirat" is a number outside of the range that the model was trained on.',
      details: { rows: [1], count: 1, columns: ['pirat', 'single'] },
    });
    await expect(refused).rejects.not.toThrow(/secret|0\.9/);
    expect(logged).toEqual([]);
    const fine = [
      { ...tensors[0]!, numbers: Float64Array.of(0.2, 0.3) },
      { ...tensors[1]!, texts: ['no', 'no'] },
    ];
    const result = await infer.execute({ ...command, tensors: fine, allowances: enter() });
    expect(answerParameters(result)).toMatchObject({ budget_rows_left: '0', out_of_domain: '0' });
    await expect(infer.execute({ ...command, tensors: fine, allowances: enter() })).rejects.toMatchObject({
      kind: 'limit',
      code: 'INFERENCE.QUOTA_USED_UP',
    });
    expect(logged).toHaveLength(1);
  });

  it('does not answer when the log did not take the prediction', async () => {
    const { infer } = set(() => Promise.reject(errors.unavailable('BUS.AWAY', 'The bus is away.')));
    await expect(infer.execute(command)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['a model that is not served', { ...command, name: 'lending-1.other' }],
    ['a version that is not approved', { ...command, version: '2' }],
    ['an output that it does not have', { ...command, outputs: ['shap'] }],
  ])('refuses %s and logs nothing', async (_, refused) => {
    const { infer, logged } = set(() => Promise.resolve());
    await expect(infer.execute(refused)).rejects.toMatchObject({
      kind: expect.stringMatching(/not_found|invalid/),
    });
    expect(logged).toEqual([]);
  });
});
