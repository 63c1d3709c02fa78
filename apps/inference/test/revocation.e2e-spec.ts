import { generateKeyPairSync, sign } from 'node:crypto';
import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import {
  PrincipalChanged,
  ProjectChanged,
  SessionRevoked,
  SigningKeyPublished,
  type CallLimits,
} from '@steward/contracts';
import {
  GRPCInferenceServiceClient,
  type ModelInferRequest,
} from '@steward/contracts/generated/open_inference/open_inference';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { GrpcLoad } from './support/grpc-load';
import { FROM_SOURCES, InferenceProcess, PROJECT } from './support/inference-process';
import { irisDescriptor, irisModel } from './support/iris-model.factory';

/** What was promised: a revocation holds everywhere within a second. */
const WITHIN_MS = 1_000;
const LIMITED = 'fedcba9876543210';
const PER_SECOND = 40;
const BURST = 20;

const MODEL = `${PROJECT}.iris`;
/** Raw doubles alone: the shortcut takes it. With a parameter it goes the general way. */
const request = (parameters: ModelInferRequest['parameters'] = {}): ModelInferRequest => ({
  modelName: MODEL,
  modelVersion: '',
  id: '',
  parameters,
  inputs: [{ name: 'all', datatype: 'FP64', shape: [1, 4], parameters: {}, contents: undefined }],
  outputs: [],
  rawInputContents: [Buffer.from(Float64Array.of(6.8, 2.8, 4.8, 1.4).buffer)],
});
const general = request({ anything: { parameterChoice: { $case: 'boolParam', boolParam: true } } });

/** One caller over one connection: `ok`, or the code of the refusal. */
type Ask = () => Promise<string>;

describe('revocation and rates over two workers', () => {
  let house: InferenceProcess;
  const pair = generateKeyPairSync('ed25519');
  const clients: GRPCInferenceServiceClient[] = [];

  beforeAll(async () => {
    house = await InferenceProcess.open({
      ...FROM_SOURCES,
      environment: {
        ...FROM_SOURCES.environment,
        STEWARD_INFERENCE_WORKERS: '2',
        STEWARD_INFERENCE_LIMITS: JSON.stringify({
          callers: { [LIMITED]: { requestsPerSecond: PER_SECOND, burst: BURST } },
        }),
      },
    });
    const onnx = irisModel();
    await house.artifacts.put(onnx);
    await house.champion(irisDescriptor(onnx));
    const publicKey = JSON.stringify(pair.publicKey.export({ format: 'jwk' }));
    await house.policy(SigningKeyPublished, { keyId: 'key-1', publicKey, state: 'active' });
    await house.start();
    await serves(house.authorization);
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await house.close();
  });

  const overGrpc = (authorization: string, message: ModelInferRequest): Ask => {
    // A connection of its own: connections are dealt out to the workers in turn.
    const client = new GRPCInferenceServiceClient(house.grpcAddress, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    });
    clients.push(client);
    const metadata = new Metadata();
    metadata.set('authorization', authorization);
    return () =>
      new Promise((resolve) =>
        client.modelInfer(message, metadata, (error: ServiceError | null) =>
          resolve(error ? String(error.metadata.get('steward-code')[0] ?? status[error.code]) : 'ok'),
        ),
      );
  };
  const postRest = (authorization: string): Promise<Response> =>
    fetch(`${house.url}/v2/models/${MODEL}/infer`, {
      method: 'POST',
      headers: { authorization, connection: 'close', 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: [{ name: 'all', datatype: 'FP64', shape: [1, 4], data: [6.8, 2.8, 4.8, 1.4] }],
      }),
    });
  const overRest =
    (authorization: string): Ask =>
    async () => {
      const answer = await postRest(authorization);
      return answer.ok ? 'ok' : ((await answer.json()) as { code: string }).code;
    };
  /** The shortcut, the general way and REST, each over connections to both workers. */
  const waysOf = (authorization: string): Ask[] =>
    [0, 1].flatMap(() => [
      overGrpc(authorization, request()),
      overGrpc(authorization, general),
      overRest(authorization),
      overRest(authorization),
    ]);
  const serves = (authorization: string): Promise<void> =>
    eventually(async () => {
      const answers = await Promise.all(waysOf(authorization).map((ask) => ask()));
      expect(new Set(answers)).toEqual(new Set(['ok']));
    });
  const principal = (
    id: string,
    rest: Partial<Parameters<typeof house.policy<typeof PrincipalChanged>>[1]>,
  ) =>
    house.policy(PrincipalChanged, {
      principalId: id,
      kind: 'machine',
      state: 'active',
      roles: [{ role: 'service', project: PROJECT }],
      tokensNotBefore: null,
      ...rest,
    });
  const token = (sub: string, jti: string): string => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const iat = Date.now() / 1_000 - 5;
    const head = part({ alg: 'EdDSA', kid: 'key-1', typ: 'JWT' });
    const body = part({ iss: 'steward', aud: 'steward', sub, jti, iat, nbf: iat, exp: iat + 600 });
    const signature = sign(null, Buffer.from(`${head}.${body}`), pair.privateKey).toString('base64url');
    return `Bearer ${head}.${body}.${signature}`;
  };

  /** Asks over all ways without a pause; how late the last answered request began, and what the refusals said. */
  const afterwards = async (authorization: string, change: () => Promise<unknown>) => {
    await serves(authorization);
    let lastAnswered = 0;
    let changedAt = Infinity;
    const codes = new Set<string>();
    const untilRefused = async (ask: Ask): Promise<void> => {
      // In a row: without a connection of its own a caller meets now one worker, now the other.
      for (let refused = 0; refused < 4;) {
        const began = performance.now();
        const answer = await ask();
        if (answer === 'ok') {
          lastAnswered = Math.max(lastAnswered, began);
          refused = 0;
        } else {
          codes.add(answer);
          refused += 1;
        }
        if (performance.now() > changedAt + 20_000) throw new Error('It is answered 20 s after the change.');
      }
    };
    const asking = Promise.all(waysOf(authorization).map(untilRefused));
    await change();
    changedAt = performance.now();
    await asking;
    return { late: lastAnswered - changedAt, codes: [...codes] };
  };

  it.each([
    [
      'an API key',
      async () => {
        await principal('m-key', {});
        return house.key('1111111111111111', 'm-key');
      },
      () => house.key('1111111111111111', 'm-key', 'revoked'),
      'ACCESS.API_KEY_REVOKED',
    ],
    [
      'a session',
      async () => {
        await principal('m-session', {});
        return token('m-session', '01900000-0000-7000-8000-00000000000a');
      },
      () =>
        house.policy(SessionRevoked, {
          sessionId: '01900000-0000-7000-8000-00000000000a',
          principalId: 'm-session',
          expiresAt: new Date(Date.now() + 600_000).toISOString(),
        }),
      'ACCESS.SESSION_REVOKED',
    ],
    [
      'all tokens of somebody',
      async () => {
        await principal('m-token', {});
        return token('m-token', newId());
      },
      () => principal('m-token', { tokensNotBefore: new Date().toISOString() }),
      'ACCESS.TOKEN_REVOKED',
    ],
    [
      'a role',
      async () => {
        await principal('m-role', {});
        return house.key('2222222222222222', 'm-role');
      },
      () => principal('m-role', { roles: [] }),
      'ACCESS.FORBIDDEN',
    ],
    [
      'the project',
      async () => {
        await principal('m-project', {});
        return house.key('3333333333333333', 'm-project');
      },
      () => house.policy(ProjectChanged, { projectId: PROJECT, state: 'archived' }),
      'ACCESS.PROJECT_ARCHIVED',
    ],
  ])(
    'refuses whoever lost %s within a second, on the shortcut, general gRPC and REST',
    async (_, give, take, code) => {
      try {
        const { late, codes } = await afterwards(await give(), take);
        expect(codes).toEqual([code]);
        expect(late).toBeLessThan(WITHIN_MS);
      } finally {
        await house.policy(ProjectChanged, { projectId: PROJECT, state: 'active' });
      }
    },
  );

  it.each([
    [
      'a key',
      (limits: CallLimits | null) => house.key('4444444444444444', 'm-governed', 'active', limits),
      'API key 4444444444444444',
    ],
    [
      'the project',
      (limits: CallLimits | null) =>
        house.policy(ProjectChanged, { projectId: PROJECT, state: 'active', limits }),
      `Project ${PROJECT}`,
    ],
  ])(
    'holds %s to the limits that governance sets within a second in both workers, until it lifts them',
    async (_, limit, who) => {
      await principal('m-governed', {});
      const authorization = await house.key('4444444444444444', 'm-governed');
      try {
        const { late, codes } = await afterwards(authorization, () =>
          limit({ requestsPerSecond: 0.001, burst: 1 }),
        );
        expect(codes).toEqual(['INFERENCE.RATE_LIMITED']);
        expect(late).toBeLessThan(WITHIN_MS);
        const refused = await postRest(authorization);
        expect(refused.status).toBe(429);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
        expect(((await refused.json()) as { error: string }).error).toMatch(
          `${who} may ask for 0.001 requests a second and asks for more.`,
        );
      } finally {
        await limit(null);
      }
      await serves(authorization);
    },
  );

  it('knows the limits that governance set after all workers were restarted', async () => {
    await principal('m-kept', {});
    const key = await house.key('5555555555555555', 'm-kept', 'active', { rowsPerDay: 3 });
    await eventually(async () => expect(await overRest(key)()).toMatch(/ok|QUOTA_USED_UP/));
    await eventually(async () => expect(await overRest(key)()).toBe('INFERENCE.QUOTA_USED_UP'));
    const before = house.workers();
    process.kill(house.pid, 'SIGHUP');
    await eventually(
      () => {
        const now = house.workers();
        expect(now).toHaveLength(2);
        expect(now.filter((pid) => before.includes(pid))).toEqual([]);
      },
      { withinMs: 120_000 },
    );
    const answers = await Promise.all(waysOf(key).map((ask) => ask()));
    expect(new Set(answers)).toEqual(new Set(['INFERENCE.QUOTA_USED_UP']));
  });

  it('holds a rate for both workers together, within a burst of each', async () => {
    await principal('m-limited', {});
    const key = await house.key(LIMITED, 'm-limited');
    await serves(house.authorization);
    // Each worker hears of the key by itself: over several connections both are asked.
    await eventually(async () => {
      for (const answer of await Promise.all(waysOf(key).map((ask) => ask())))
        expect(answer).toMatch(/ok|RATE_LIMITED/);
    });
    const load = new GrpcLoad(house.grpcAddress, key, 6);
    const began = performance.now();
    load.start(request(), 2);
    await eventually(() => expect(load.result.answered.length).toBeGreaterThan(4 * PER_SECOND), {
      withinMs: 30_000,
    });
    const { answered, failed } = await load.stop();
    const seconds = (performance.now() - began) / 1_000;
    expect(new Set(failed.map((words) => words.replace(/\d+ ms/, 'N ms')))).toEqual(
      new Set([
        `RESOURCE_EXHAUSTED: API key ${LIMITED} may ask for ${PER_SECOND} requests a second and asks for more. Try again in N ms.`,
      ]),
    );
    expect(answered.length).toBeLessThanOrEqual(seconds * PER_SECOND + 2 * BURST + 2);
    // The rate is had, not a share of it.
    expect(answered.length).toBeGreaterThan(0.6 * seconds * PER_SECOND);
  });
});
