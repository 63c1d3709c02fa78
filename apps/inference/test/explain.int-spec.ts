import { credentials, Metadata } from '@grpc/grpc-js';
import {
  GRPCInferenceServiceClient,
  ModelInferRequest,
  type ModelInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import {
  InferenceServiceClient,
  type ExplainRequest,
  type ExplainResponse,
  type ExplainPredictionResponse,
} from '@steward/contracts/generated/steward/inference/v1/inference';
import { AuditEntryRecorded, ErasureRequested, SubjectDataGathered, SubjectErased } from '@steward/contracts';
import { newId, newPseudonym, sha256 } from '@steward/kernel';
import { writeOnnx } from '@steward/onnx';
import { HeldData, newRecipient, openSealed, rowObjects } from '@steward/subjects';
import { eventually, Neighbour } from '@steward/testing';
import request from 'supertest';
import type { Explanation } from '../src/explain/explanation';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { descriptorOf, smallModel, smallPipeline, smallReference } from './support/small-model.factory';

jest.setTimeout(60_000);

const NAME = `${PROJECT}.approval`;
const ROWS = { pirat: [0.31, null, 0.92], single: ['yes', 'unseen', ''] };

interface ExplainAnswer {
  readonly parameters: { readonly prediction_id: string };
  readonly explanation: Explanation;
}

describe('explanations, on PostgreSQL', () => {
  let house: InferenceHouse;
  let governance: Neighbour;
  let url: string;
  let machine: string;
  let engineer: string;
  let stranger: string;

  const bearer = (credential: string): string => `Bearer ${credential}`;
  const post = (path: string, body: object) =>
    request(url).post(path).set('authorization', machine).send(body);
  const inputs = (rows: { pirat: readonly (number | null)[]; single: readonly string[] } = ROWS) => [
    { name: 'pirat', datatype: 'FP64', shape: [rows.pirat.length], data: rows.pirat },
    { name: 'single', datatype: 'BYTES', shape: [rows.single.length], data: rows.single },
  ];
  const explain = async (more: object = {}): Promise<ExplainAnswer> => {
    const { body } = await post(`/v2/models/${NAME}/explain`, { inputs: inputs(), ...more }).expect(200);
    return body as ExplainAnswer;
  };
  const recompute = (prediction: string, credential = engineer, project = PROJECT) =>
    request(url)
      .get(`/v1/projects/${project}/predictions/${prediction}/explanation`)
      .set('authorization', credential);
  const champion = async (version: number): Promise<void> => {
    await house.artifacts.put(smallModel(version));
    const { digest: referenceDigest } = await house.artifacts.put(smallReference());
    await house.alias(descriptorOf(version, smallModel(version), { referenceDigest }));
    await eventually(async () => {
      const { body } = await request(url).get(`/v2/models/${NAME}/ready`).set('authorization', machine);
      expect(body).toMatchObject({ ready: true, version: String(version) });
    });
  };

  beforeAll(async () => {
    house = await InferenceHouse.open();
    governance = new Neighbour('governance', house.database.urlOf('governance'));
    await governance.start();
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    machine = bearer(house.policy.addApiKey('m-app'));
    engineer = house.policy.addPrincipal('u-eva', [{ role: 'ml-engineer', project: PROJECT }]);
    stranger = house.policy.addPrincipal('u-max', [{ role: 'ml-engineer', project: 'other' }]);
    url = await house.start();
    await champion(1);
  });

  afterAll(async () => {
    await governance.stop();
    await house.close();
  });

  it('say of each row what each input did, and add up to the margin', async () => {
    const { explanation, parameters } = await explain({ id: 'mine' });
    expect(explanation).toMatchObject({
      model: 'approval',
      version: 1,
      classes: ['no', 'yes'],
      method: 'tree_shap',
      units: 'log_odds',
      calibrated: false,
      base_over: 'training_rows',
      base_rows: 400,
    });
    expect(explanation.rows).toHaveLength(3);
    explanation.rows.forEach((row, i) => {
      expect(row.prediction).toBe(`${parameters.prediction_id}/${i}`);
      expect(row.contributions.map(({ column, value }) => [column, value])).toEqual([
        ['pirat', ROWS.pirat[i]],
        ['single', ROWS.single[i] || null],
      ]);
      const sum = row.contributions.reduce(
        (before, { contribution }) => before + contribution,
        explanation.base,
      );
      expect(Math.abs(sum - row.margin!)).toBeLessThan(1e-9);
      expect(1 / (1 + Math.exp(-row.margin!))).toBeCloseTo(row.probability!, 12);
      expect(row.label).toBe(row.probability! >= 0.5 ? 'yes' : 'no');
    });
  });

  it('are the same by REST, RPC and the parameter of both protocols', async () => {
    const { explanation } = await explain();
    const { base, rows } = explanation;

    const rest = (await post(`/v2/models/${NAME}/infer`, { inputs: inputs(), parameters: { explain: true } }))
      .body as {
      parameters: Record<string, string>;
      outputs: { name: string; shape: number[]; data: number[] }[];
    };
    const contributions = rows.flatMap((row) => row.contributions.map(({ contribution }) => contribution));
    const margins = rows.map(({ margin }) => margin);
    expect(rest.outputs.map(({ name }) => name)).toEqual(['label', 'probability', 'contribution', 'margin']);
    expect(rest.outputs[2]).toMatchObject({ shape: [3, 2], data: contributions });
    expect(rest.outputs[3]).toMatchObject({ shape: [3], data: margins });
    expect(JSON.parse(rest.parameters['explanation']!)).toEqual({
      method: 'tree_shap',
      units: 'log_odds',
      calibrated: false,
      base,
      base_over: 'training_rows',
      base_rows: 400,
      columns: ['pirat', 'single'],
    });

    const grpc = await modelInfer({ explain: { parameterChoice: { $case: 'boolParam', boolParam: true } } });
    const output = (name: string) => grpc.outputs.find((each) => each.name === name)?.contents?.fp64Contents;
    expect(output('contribution')).toEqual(contributions);
    expect(output('margin')).toEqual(margins);

    const { explanation: message } = await rpc<ExplainResponse>('explain', {
      ...explainRequest(),
      counterfactuals: { rows: [2], immutable: ['single'], direction: {}, maxChanges: 1, count: 1 },
    });
    expect(message).toMatchObject({
      base,
      digest: explanation.digest,
      classes: ['no', 'yes'],
      baseRows: 400,
    });
    message!.rows.forEach((row, i) => {
      const { margin, probability, label } = rows[i]!;
      expect(row).toMatchObject({ margin, probability, label, held: false });
      expect(row.contributions.map(({ contribution }) => contribution)).toEqual(
        rows[i]!.contributions.map(({ contribution }) => contribution),
      );
    });
    expect(message!.rows[0]!.counterfactuals).toBeUndefined();
    expect(message!.rows[2]!.counterfactuals).toMatchObject({
      complete: true,
      found: [{ changes: [{ column: 'pirat', from: { kind: { $case: 'number', number: 0.92 } } }] }],
    });
  });

  it('are recomputed bit for bit: after a restart, and when the version has long been replaced', async () => {
    const given = await explain();
    const expectSame = async (): Promise<void> => {
      for (const [i, row] of given.explanation.rows.entries()) {
        const { text } = await recompute(`${given.parameters.prediction_id}/${i}`).expect(200);
        expect(text).toBe(JSON.stringify({ ...given.explanation, rows: [row] }));
      }
    };
    await expectSame();
    await champion(2);
    await house.stopService();
    url = await house.start();
    await champion(2);
    await expectSame();
    const message = await rpc<ExplainPredictionResponse>(
      'explainPrediction',
      { project: PROJECT, prediction: `${given.parameters.prediction_id}/1` },
      engineer,
    );
    expect(message.explanation).toMatchObject({ version: 1, base: given.explanation.base });
    expect(message.explanation!.rows[0]).toMatchObject({ margin: given.explanation.rows[1]!.margin });
    // Who reads what was known of a person is in the audit log.
    await eventually(async () => {
      const reads = (await house.events(AuditEntryRecorded.inference)).filter(
        ({ action, object }) =>
          action === 'prediction.explain' && object.id.startsWith(given.parameters.prediction_id),
      );
      expect(reads).toHaveLength(7);
    });
  });

  it('tell later what would have turned the decision, where somebody asks', async () => {
    const { explanation, parameters } = await explain({ counterfactuals: { rows: [2], max_changes: 1 } });
    const row = `${parameters.prediction_id}/2`;
    const later = async (query: object): Promise<Explanation> =>
      (await recompute(row).query(query).expect(200)).body as Explanation;
    expect((await later({})).rows[0]).not.toHaveProperty('counterfactuals');
    const asked = await later({ counterfactuals: 'true', max_changes: 1 });
    expect(asked.rows[0]).toEqual(explanation.rows[2]);
    const kept = await later({ counterfactuals: 'true', immutable: 'pirat' });
    const changed = kept.rows[0]!.counterfactuals!.found.flatMap(({ changes }) => changes);
    expect(changed.map(({ column }) => column)).not.toContain('pirat');
    for (const [query, code] of [
      [{ counterfactuals: 'true', immutable: 'height' }, 'INFERENCE.COLUMN_UNKNOWN'],
      [{ counterfactuals: 'true', max_changes: 9 }, 'REQUEST.QUERY_INVALID'],
    ] as const)
      expect((await recompute(row).query(query).expect(400)).body.code).toBe(code);
  });

  it('are for who may read predictions of that project', async () => {
    const { parameters } = await explain();
    const row = `${parameters.prediction_id}/0`;
    await recompute(row, engineer).expect(200);
    await recompute(row, machine).expect(404);
    await recompute(row, stranger).expect(404);
    const reader = (id: string, conditions: object) => {
      const rules = [{ action: ['read'], subject: ['Prediction'], conditions }] as never;
      house.policy.put({ kind: 'role', value: { name: id, version: 1, rules } });
      return house.policy.addPrincipal(id, [{ role: id, project: PROJECT }]);
    };
    const plain = reader('no-personal', { dataClass: { $nin: ['sensitive', 'identifier'] } });
    const times = reader('times-only', { dataClass: 'time' });
    const other = reader('other-model', { model: 'other' });
    await eventually(() => recompute(row, other).expect(404));
    await recompute(row, times).expect(404);
    await recompute(row, plain).expect(200);
    const { body } = await recompute(row, stranger, 'other').expect(404);
    expect(body).toMatchObject({ code: 'INFERENCE.PREDICTION_NOT_FOUND' });
  });

  it('of what is not there are refused plainly', async () => {
    const { parameters } = await explain();
    const missing = await recompute(`${parameters.prediction_id}/3`).expect(404);
    expect(missing.body).toMatchObject({
      code: 'INFERENCE.PREDICTION_NOT_FOUND',
      detail: expect.stringContaining('its 30 days are over'),
    });
    expect((await recompute(`${newId()}/0`).expect(404)).body.code).toBe('INFERENCE.PREDICTION_NOT_FOUND');
    expect((await recompute('nothing/0').expect(400)).body.code).toBe('INFERENCE.PREDICTION_ID_INVALID');
  });

  it('of an erased subject are gone', async () => {
    const subject = newPseudonym();
    const { parameters } = await explain({ parameters: { subject } });
    await recompute(`${parameters.prediction_id}/0`).expect(200);
    await governance.say(ErasureRequested, {
      subject: `${PROJECT}/${subject}`,
      project: PROJECT,
      payload: { requestId: newId(), pseudonym: subject },
    });
    await eventually(async () => expect(await house.events(SubjectErased.inference)).toHaveLength(1));
    await eventually(async () => {
      const { body } = await recompute(`${parameters.prediction_id}/0`).expect(404);
      expect(body.code).toBe('INFERENCE.PREDICTION_NOT_FOUND');
    });
  });

  it('of a row that a person decides say nothing, then and later', async () => {
    const policy = { project: PROJECT, model: 'approval', version: 1, labels: ['yes'], band: null };
    house.policy.put({ kind: 'decisions', value: { ...policy, active: true } });
    const held = await eventually(async () => {
      const { explanation, parameters } = await explain();
      expect(explanation.rows.map((row) => row.held)).toContain(true);
      return { explanation, id: parameters.prediction_id };
    });
    const at = held.explanation.rows.findIndex((row) => row.held);
    const nothing = { held: true, label: '', probability: null, margin: null, contributions: [] };
    expect(held.explanation.rows[at]).toEqual({ prediction: `${held.id}/${at}`, ...nothing });
    const { body } = await recompute(`${held.id}/${at}`).expect(200);
    expect(body.rows).toEqual([{ prediction: `${held.id}/${at}`, ...nothing }]);
    house.policy.put({ kind: 'decisions', value: { ...policy, active: false } });
    await eventually(async () =>
      expect((await explain()).explanation.rows.every((row) => !row.held)).toBe(true),
    );
  });

  it('find the changes that would turn the decision, within bounds, and of sensitive columns none', async () => {
    const { explanation } = await explain({ counterfactuals: { max_changes: 1 } });
    const ways = explanation.rows.flatMap(({ counterfactuals }) => counterfactuals!.found);
    expect(ways.length).toBeGreaterThan(1);
    for (const way of ways) expect(way.changes).toHaveLength(1);
    const refused = async (counterfactuals: object, code: string): Promise<void> => {
      const { body } = await post(`/v2/models/${NAME}/explain`, { inputs: inputs(), counterfactuals });
      expect(body).toMatchObject({ code });
    };
    await refused({ rows: [3] }, 'INFERENCE.ROW_UNKNOWN');
    await refused({ immutable: ['nothing'] }, 'INFERENCE.COLUMN_UNKNOWN');
    await refused({ direction: { single: 'rises' } }, 'INFERENCE.DIRECTION_INVALID');
    await refused({ rows: Array.from({ length: 17 }, (_, i) => i) }, 'REQUEST.BODY_INVALID');
  });

  it('are refused, and no prediction logged, where there is nothing to explain with or too much at once', async () => {
    const before = (await house.predictions()).length;
    const many = Array.from({ length: 257 }, () => 0.5);
    const tooMany = await post(`/v2/models/${NAME}/explain`, {
      inputs: inputs({ pirat: many, single: many.map(() => 'no') }),
    });
    expect(tooMany.body).toMatchObject({ code: 'INFERENCE.EXPLAIN_TOO_MANY_ROWS' });
    const odd = await post(`/v2/models/${NAME}/infer`, { inputs: inputs(), parameters: { explain: 'yes' } });
    expect(odd.body).toMatchObject({ code: 'INFERENCE.PARAMETER_INVALID' });

    // A file without node cover, as an earlier release wrote it.
    const old = Buffer.from(writeOnnx(smallPipeline(9).fitted, {}));
    await house.artifacts.put(old);
    await house.alias(descriptorOf(9, old, { model: 'old' }));
    const path = `/v2/models/${PROJECT}.old`;
    await eventually(() => post(`${path}/infer`, { inputs: inputs() }).expect(200));
    const logged = (await house.predictions()).length;
    expect(logged).toBeGreaterThan(before);
    const { body } = await post(`${path}/explain`, { inputs: inputs() }).expect(400);
    expect(body).toMatchObject({
      code: 'ONNX.NOT_EXPLAINABLE',
      error: expect.stringContaining('carries no node cover or feature means; train it again'),
    });
    expect(await house.predictions()).toHaveLength(logged);
  });

  it('of a model that reads a sensitive column are for its caller alone', async () => {
    const model = smallModel(5);
    await house.artifacts.put(model);
    await house.alias(
      descriptorOf(5, model, { model: 'with-race', sensitive: ['single'], groups: ['single'] }),
    );
    const { body } = await eventually(() =>
      post(`/v2/models/${PROJECT}.with-race/explain`, { inputs: inputs() }).expect(200),
    );
    const { parameters } = body as ExplainAnswer;
    const refused = await recompute(`${parameters.prediction_id}/0`).expect(403);
    expect(refused.body).toMatchObject({ code: 'INFERENCE.EXPLANATION_SENSITIVE' });
  });

  it('are told to the data subject, of all it was decided on, or why not; nothing of others', async () => {
    const subject = newPseudonym();
    const ask = async (model: string, whom: string): Promise<ExplainAnswer> =>
      (
        await post(`/v2/models/${model}/explain`, {
          inputs: inputs({ pirat: [0.31], single: ['yes'] }),
          parameters: { subject: whom },
        }).expect(200)
      ).body as ExplainAnswer;
    const own = await ask(`${PROJECT}.with-race`, subject);
    const others = await ask(`${PROJECT}.with-race`, newPseudonym());
    const nameOf = ({ parameters }: ExplainAnswer) => `${parameters.prediction_id}/0`;
    const unknown = `${newId()}/0`;
    const requestId = newId();
    const recipient = newRecipient();
    const ingestion = new Neighbour('ingestion', house.database.urlOf('ingestion'));
    await ingestion.start();
    const gathered = (of: string, more: object) =>
      ingestion.say(SubjectDataGathered.ingestion, {
        subject: `${PROJECT}/${subject}`,
        project: PROJECT,
        payload: { requestId: of, pseudonym: subject, path: 'parts', digest: sha256('x'), items: 3, ...more },
      });
    // An answer of an older ingestion, without a key, asks for nothing.
    await gathered(newId(), {});
    await gathered(requestId, {
      recipientKey: recipient.publicKey,
      decisions: [nameOf(own), nameOf(others), unknown],
      moreDecisions: 3,
    });
    const told = await eventually(async () => {
      const answers = await house.events(SubjectDataGathered.inference);
      expect(answers.map((answer) => answer.requestId)).toEqual([requestId]);
      return answers[0]!;
    });
    await ingestion.stop();
    const sealed = await house.artifacts.objects.get(told.path);
    const held = HeldData.parse(JSON.parse(openSealed(recipient, sealed, told.path).toString('utf8')));
    const of = (name: string) => rowObjects(held.tables.find((each) => each.name === name)!);
    const { rows, base } = own.explanation;
    expect(of('contributions')).toEqual(
      rows[0]!.contributions.map(({ column, value, contribution }) => ({
        prediction: nameOf(own),
        input: column,
        value,
        contribution,
        base,
        units: 'log_odds',
      })),
    );
    expect(of('unexplained').map(({ prediction }) => prediction)).toEqual([nameOf(others), unknown, null]);
    expect(of('unexplained').map(({ why }) => why)).toEqual([
      expect.stringContaining('is not kept'),
      expect.stringContaining('is not kept'),
      expect.stringContaining('3 decisions are older'),
    ]);
  });

  it('are counted', async () => {
    const { text } = await request(url).get('/metrics').expect(200);
    const named = text.split('\n').filter((line) => line.startsWith('steward_inference_expla'));
    const recomputed = named.find(
      (line) =>
        line.startsWith('steward_inference_explained_rows_total') && line.includes('kind="recomputed"'),
    );
    expect(Number(recomputed?.split(' ').at(-1))).toBeGreaterThan(0);
    for (const name of ['explanation_duration_seconds_bucket', 'explanations_refused_total'])
      expect(named.some((line) => line.startsWith(`steward_inference_${name}`))).toBe(true);
  });

  function explainRequest(): ExplainRequest {
    return {
      project: PROJECT,
      model: 'approval',
      version: '',
      subject: '',
      inputs: [
        { name: 'pirat', numbers: ROWS.pirat.map((value) => value ?? NaN), texts: [] },
        { name: 'single', numbers: [], texts: ROWS.single },
      ],
      counterfactuals: undefined,
    };
  }

  function metadata(credential: string): Metadata {
    const carried = new Metadata();
    carried.set('authorization', credential);
    return carried;
  }

  async function rpc<Answer>(
    method: 'explain' | 'explainPrediction',
    message: object,
    credential = machine,
  ): Promise<Answer> {
    const client = new InferenceServiceClient(house.grpcAddress, credentials.createInsecure());
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const answered = (error: Error | null, answer: unknown): void =>
          error ? reject(error) : resolve(answer as Answer);
        if (method === 'explain') client.explain(message as ExplainRequest, metadata(credential), answered);
        else client.explainPrediction(message as never, metadata(credential), answered);
      });
    } finally {
      client.close();
    }
  }

  async function modelInfer(parameters: ModelInferRequest['parameters']): Promise<ModelInferResponse> {
    const client = new GRPCInferenceServiceClient(house.grpcAddress, credentials.createInsecure());
    const message = ModelInferRequest.fromPartial({
      modelName: NAME,
      parameters,
      inputs: [
        {
          name: 'pirat',
          datatype: 'FP64',
          shape: [3],
          contents: { fp64Contents: ROWS.pirat.map((value) => value ?? NaN) },
        },
        {
          name: 'single',
          datatype: 'BYTES',
          shape: [3],
          contents: { bytesContents: ROWS.single.map((text) => Buffer.from(text)) },
        },
      ],
    });
    try {
      return await new Promise<ModelInferResponse>((resolve, reject) => {
        client.modelInfer(message, metadata(machine), (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
      });
    } finally {
      client.close();
    }
  }
});
