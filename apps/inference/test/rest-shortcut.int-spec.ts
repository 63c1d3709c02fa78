import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { PredictionLogged } from '@steward/contracts';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { corpusOf } from './support/fuzz/corpus';
import { restCase } from './support/fuzz/fuzz-cases';
import { Random } from './support/fuzz/random';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { irisDescriptor, irisModel } from './support/iris-model.factory';
import { descriptorOf, smallModel } from './support/small-model.factory';

const IRIS = `${PROJECT}.iris`;
const MIXED = `${PROJECT}.approval`;
const CASES = 1_500;
const PREDICTS = /^\/v2\/models\/[^/]+(\/versions\/[^/]+)?\/infer$|^\/v1\/models\/.+:predict$/;
const CORRELATION = '01900000-0000-7000-8000-0000000000aa';

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

describe('predictions over REST, by the shortcut and by the application', () => {
  let house: InferenceHouse;
  let url: string;
  let authorization: string;
  let stranger: string;
  let nobody: string;
  const agent = new http.Agent({ keepAlive: true });

  beforeAll(async () => {
    house = await InferenceHouse.open();
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    house.policy.addPrincipal('m-stranger', [{ role: 'service', project: 'other' }], { kind: 'machine' });
    house.policy.addPrincipal('m-nobody', [], { kind: 'machine' });
    const [iris, mixed] = [irisModel(), smallModel(1)];
    await house.artifacts.put(iris);
    await house.artifacts.put(mixed);
    url = await house.start();
    [authorization, stranger, nobody] = ['m-app', 'm-stranger', 'm-nobody'].map(
      (principal) => `Bearer ${house.policy.addApiKey(principal)}`,
    ) as [string, string, string];
    await house.alias(irisDescriptor(iris));
    await house.alias(descriptorOf(1, mixed));
    await eventually(async () => {
      for (const model of [IRIS, MIXED])
        await request(url).get(`/v2/models/${model}/ready`).set('authorization', authorization).expect(200);
    });
  });

  afterAll(async () => {
    agent.destroy();
    await house.close();
  });

  const ask = (
    path: string,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    method = 'POST',
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const all = { 'content-length': body.length, 'x-correlation-id': CORRELATION, ...headers };
      const asking = http.request({ agent, hostname, port, method, path, headers: all }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(parts),
          }),
        );
      });
      asking.on('error', reject);
      asking.end(body);
    });

  /** What differs between two answers to the same request: its prediction's id, and what the clock says. */
  const comparable = ({ status, headers, body }: Answer): object => {
    const { date: _date, 'x-ratelimit-remaining': _left, 'x-ratelimit-reset': _until, ...rest } = headers;
    const id = /"prediction_id":"[0-9a-f-]{36}"/;
    const text = body.toString('latin1').replace(id, '"prediction_id":""');
    if (rest['steward-prediction-id'] !== undefined) rest['steward-prediction-id'] = '';
    return { status, headers: rest, body: text };
  };

  /** The same request both ways: with a query, which means nothing here, the application takes it. */
  async function expectSame(
    path: string,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    method?: string,
  ): Promise<Answer> {
    const [short, general] = await Promise.all([
      ask(path, body, headers, method),
      ask(`${path}?`, body, headers, method),
    ]);
    expect(comparable(short)).toEqual(comparable(general));
    return short;
  }

  const infer = `/v2/models/${IRIS}/infer`;
  const right = Buffer.from(
    JSON.stringify({
      id: 'one',
      inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 4], data: [6.8, 2.8, 4.8, 1.4] }],
    }),
  );

  it(`property: ${CASES} right, wrong and hostile requests are answered alike`, async () => {
    const rests = corpusOf(IRIS, MIXED).rests.filter(({ path }) => PREDICTS.test(path));
    expect(rests.length).toBeGreaterThanOrEqual(6);
    const statuses = new Map<number, number>();
    for (let number = 0; number < CASES; number++) {
      const each = restCase(new Random(77_000_003 + number), rests);
      const headers = { authorization, ...each.headers };
      const { status } = await expectSame(each.path, each.body, headers, each.method);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    // It is of no use if all of them are wrong, or right.
    expect(statuses.get(200)).toBeGreaterThan(CASES / 10);
    expect(statuses.get(400)).toBeGreaterThan(CASES / 10);
    expect(statuses.get(404)).toBeGreaterThan(0);
  }, 180_000);

  it('answers refused callers alike, and names the reason', async () => {
    for (const body of [right, Buffer.alloc(100_000, 0x20)])
      for (const credential of ['Bearer stw_0123456789abcdef_wrong', '', nobody, stranger]) {
        const { status } = await expectSame(infer, body, { authorization: credential });
        // Whom the route lets in has his body read before the model is looked for: blanks are no JSON.
        const told = credential === nobody || credential === stranger ? [403, 404] : [401];
        expect(credential === stranger && body !== right ? [400] : told).toContain(status);
      }
  });

  it('refuses within a second whom it admitted just now, once he is gone', async () => {
    const roles = [{ role: 'service', project: PROJECT }];
    house.policy.addPrincipal('m-leaver', roles, { kind: 'machine' });
    const leaver = { authorization: `Bearer ${house.policy.addApiKey('m-leaver')}` };
    await eventually(async () => expect((await ask(infer, right, leaver)).status).toBe(200));
    house.policy.addPrincipal('m-leaver', roles, { kind: 'machine', active: false });
    const since = performance.now();
    await eventually(async () => expect((await ask(infer, right, leaver)).status).toBe(401));
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  it('logs who predicted, and under which correlation, whichever way he came', async () => {
    const sent = { authorization, 'x-correlation-id': '01900000-0000-7000-8000-0000000000bb' };
    await expectSame(infer, right, sent);
    await eventually(async () => {
      const { rows } = await house.owner.query<{ value: Buffer }>(
        `SELECT value FROM event_log.record WHERE headers->>'ce_stewardcorrelation' = $1 AND headers->>'ce_type' = $2`,
        [sent['x-correlation-id'], PredictionLogged.type],
      );
      const told = rows.map(({ value }) => PredictionLogged.codec.decode(value));
      expect(told.map(({ caller, model }) => `${caller} ${model}`)).toEqual(['m-app iris', 'm-app iris']);
    });
  });

  it('takes bodies in chunks, refuses those that are too large alike, and goes on with the connection', async () => {
    const only = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const chunked = (path: string, bytes: Buffer): Promise<number> =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(url);
        const headers = { authorization, 'transfer-encoding': 'chunked' };
        const asking = http.request(
          { agent: only, hostname, port, method: 'POST', path, headers },
          (response) => response.resume().once('end', () => resolve(response.statusCode!)),
        );
        asking.on('error', reject);
        for (let at = 0; at < bytes.length; at += 50_000) asking.write(bytes.subarray(at, at + 50_000));
        asking.end();
      });
    const tooLarge = Buffer.alloc(16 * 1024 * 1024 + 1, 0x20);
    for (const path of [infer, `${infer}?`]) {
      expect(await chunked(path, right)).toBe(200);
      expect(await chunked(path, tooLarge)).toBe(429);
      expect(await chunked(path, right)).toBe(200);
    }
    only.destroy();
    await expectSame(infer, tooLarge, { authorization });
  });

  it('compresses a large answer alike where it is asked to', async () => {
    const data = Array.from({ length: 4_000 }, (_, index) => index / 7);
    const body = Buffer.from(
      JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP64', shape: [1_000, 4], data }] }),
    );
    for (const encoding of ['gzip', 'deflate', 'br'])
      for (const path of [infer, `${infer}?`]) {
        const answer = await ask(path, body, { authorization, 'accept-encoding': encoding });
        expect(answer.status).toBe(200);
        expect(answer.headers['content-encoding']).toBe(encoding === 'br' ? undefined : encoding);
        expect(answer.headers.vary).toBe('accept-encoding');
      }
    const packed = { authorization, 'content-encoding': 'gzip' };
    expect((await expectSame(infer, gzipSync(right), packed)).status).toBe(200);
  });
});
