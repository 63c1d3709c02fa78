import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { credentials, status } from '@grpc/grpc-js';
import {
  GRPCInferenceServiceClient,
  ModelInferRequest,
  type ModelInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { PrincipalChanged } from '@steward/contracts';
import { PredictionServiceClient } from '@steward/contracts/generated/tensorflow_serving/apis/prediction_service';
import { scorerFromOnnx } from '@steward/onnx';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { corpusOf } from './support/fuzz/corpus';
import { caseOf } from './support/fuzz/fuzz-cases';
import { FuzzClient, type Outcome } from './support/fuzz/fuzz-client';
import { peakGrowth, ProcessFigures } from './support/fuzz/process-figures';
import { Random } from './support/fuzz/random';
import { FROM_SOURCES, InferenceProcess, PROJECT, type Collected } from './support/inference-process';
import { irisDescriptor, irisModel } from './support/iris-model.factory';
import { call, type Callers } from './support/protocol-callers';
import { descriptorOf, smallModel, smallReference } from './support/small-model.factory';

/** 20,000 in `npm test`; tools/fuzz/inference sets more. */
const REQUESTS = Number(process.env.STEWARD_FUZZ_REQUESTS ?? 20_000);
const SEED = Number(process.env.STEWARD_FUZZ_SEED ?? 5);
/** The number of the first case, to see those again that a long run came to. */
const FIRST = Number(process.env.STEWARD_FUZZ_FIRST ?? 0);
const END = FIRST + REQUESTS;
const IN_FLIGHT = 24;
/** How often the process is looked at, requests. */
const EACH = Math.ceil(REQUESTS / 100);
/** After so many everything that is made once is made. */
const WARM = FIRST + Math.floor(REQUESTS / 3);
const MOST_FAULTS = 20;
const IRIS = `${PROJECT}.iris`;
const MIXED = `${PROJECT}.approval`;
const MIB = 2 ** 20;
/** From so many requests on, the peaks of resident memory are held to be flat, within this. */
const LONG_RUN = 300_000;
const RESIDENT_PEAK_GROWTH = 0.15;
/** What the pool of the process may open beside those that stand at the start. */
const DATABASE_CONNECTIONS = 12;

/** What a caller may be told of a request that is wrong, or right after all. */
const GRPC_ALLOWED = new Set([
  status.OK,
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.PERMISSION_DENIED,
  status.RESOURCE_EXHAUSTED,
  status.FAILED_PRECONDITION,
  status.UNIMPLEMENTED,
  status.UNAUTHENTICATED,
]);

describe('the caller of the fuzzing', () => {
  it('leaves a connection that nobody uses before the server may close it under a request', async () => {
    const server = createServer((_request, response) => response.end('{}'));
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const opened = once(server, 'connection');
    const caller = new FuzzClient((server.address() as AddressInfo).port, 0, 'none', 20);
    const body = Buffer.from('{}');
    expect(await caller.send({ kind: 'rest', method: 'POST', path: '/', headers: {}, body })).toMatchObject({
      status: 200,
    });
    const [socket] = (await opened) as [Socket];
    await once(socket, 'close');
    server.close();
  });
});

describe('hostile and broken requests', () => {
  let house: InferenceProcess;
  let callers: Callers;
  let fuzzer: FuzzClient;
  let figures: ProcessFigures;
  const iris = irisModel();

  beforeAll(async () => {
    house = await InferenceProcess.open({
      ...FROM_SOURCES,
      execArgv: ['--expose-gc'],
      // Each refusal is a line otherwise.
      environment: { ...FROM_SOURCES.environment, STEWARD_LOG_LEVEL: 'warn' },
    });
    const mixed = smallModel(1);
    const { digest: referenceDigest } = await house.artifacts.put(smallReference());
    for (const model of [iris, mixed]) await house.artifacts.put(model);
    await house.champion(irisDescriptor(iris));
    await house.champion(descriptorOf(1, mixed, { referenceDigest }));
    const roles = [{ role: 'ml-engineer', project: PROJECT }];
    const ops = { principalId: 'm-ops', kind: 'machine', state: 'active', tokensNotBefore: null } as const;
    await house.policy(PrincipalChanged, { ...ops, roles });
    const engineer = await house.key('fedcba9876543210', ops.principalId);
    await house.start();
    const { url, grpcAddress, authorization } = house;
    callers = {
      url,
      authorization,
      model: IRIS,
      open: new GRPCInferenceServiceClient(grpcAddress, credentials.createInsecure()),
      tensorflow: new PredictionServiceClient(grpcAddress, credentials.createInsecure()),
    };
    fuzzer = new FuzzClient(Number(new URL(url).port), Number(grpcAddress.split(':')[1]), authorization);
    figures = new ProcessFigures(url);
    await eventually(async () => {
      for (const model of [IRIS, MIXED])
        await request(url).get(`/v2/models/${model}/ready`).set('authorization', authorization).expect(200);
      // One model's answers wait for the log, the other's do not.
      await request(url)
        .put(`/v1/projects/${PROJECT}/deployments/approval`)
        .set('authorization', engineer)
        .send({ log: { mode: 'buffered' } })
        .expect(200);
    });
  });

  afterAll(async () => {
    fuzzer.close();
    callers.open.close();
    callers.tensorflow.close();
    await house.close();
  });

  /** A caller who does everything right, and checks each answer, for as long as the others are at it. */
  async function behave(going: () => boolean): Promise<{ answers: number; slowestMs: number }> {
    const row = [6.8, 2.8, 4.8, 1.4];
    const expected = new Float64Array(2);
    scorerFromOnnx(iris)!.scoreBatch(
      row.map((value) => Float64Array.of(value)),
      1,
      expected,
    );
    const message = ModelInferRequest.fromPartial({
      modelName: IRIS,
      inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 4], contents: { fp64Contents: row } }],
    });
    const seen = { answers: 0, slowestMs: 0 };
    while (going()) {
      const started = performance.now();
      const overRpc = await call<ModelInferResponse>(callers.open, 'modelInfer', callers, message);
      const overRest = await request(callers.url)
        .post(`/v1/models/${IRIS}:predict`)
        .set('authorization', callers.authorization)
        .send({ instances: [row] })
        .expect(200);
      expect(overRpc.outputs[1]!.contents!.fp64Contents).toEqual([...expected]);
      expect(overRest.body.predictions[0].probability).toEqual([...expected]);
      seen.slowestMs = Math.max(seen.slowestMs, performance.now() - started);
      seen.answers += 2;
    }
    return seen;
  }

  const wrong = (outcome: Outcome, framed: boolean): boolean => {
    if (outcome.kind === 'http') return outcome.status < 200 || outcome.status >= 500;
    // What breaks gRPC's own framing is answered by the gRPC library, and INTERNAL is its specified answer.
    if (outcome.kind === 'grpc')
      return !GRPC_ALLOWED.has(outcome.status) && (framed || outcome.status !== status.INTERNAL);
    return outcome.kind === 'cut';
  };

  it(
    `get refusals and nothing worse, ${REQUESTS} of them, and harm nobody else`,
    async () => {
      const corpus = corpusOf(IRIS, MIXED);
      const { pid } = house;
      const said = house.output.length;
      const before = await figures.look();
      const faults: unknown[] = [];
      const tally = new Map<string, number>();
      let next = FIRST;
      let over = false;
      const collected: Collected[] = [];
      const behaved = behave(() => !over);
      behaved.catch(() => undefined);
      const fuzz = async (): Promise<void> => {
        while (next < END && faults.length < MOST_FAULTS) {
          const number = next++;
          const each = caseOf(new Random(SEED * 1_000_003 + number), corpus);
          const outcome = await fuzzer.send(each);
          const told = 'status' in outcome ? `${outcome.kind} ${outcome.status}` : outcome.kind;
          tally.set(told, (tally.get(told) ?? 0) + 1);
          if (wrong(outcome, each.kind !== 'rpc' || each.framed)) {
            const path = 'path' in each ? each.path.slice(0, 100) : '';
            faults.push({ number, outcome, kind: each.kind, path });
            process.stderr.write(`${JSON.stringify(faults.at(-1))}\n`);
          }
          if (number === WARM) collected.push(await house.collected());
          if (number % EACH === 0) {
            const { residentBytes } = await figures.look();
            if (REQUESTS > 20_000)
              process.stderr.write(
                `${number} sent, ${faults.length} faults, ${Math.round(residentBytes / MIB)} MiB resident\n`,
              );
          }
        }
      };
      const started = Date.now();
      await Promise.all(Array.from({ length: IN_FLIGHT }, fuzz));
      over = true;
      const well = await behaved;
      const seconds = (Date.now() - started) / 1_000;
      fuzzer.close();
      const after = await figures.look();
      const cold = await house.collected();
      const warm = collected[0] ?? cold;
      const mib = (bytes: number): number => Math.round(bytes / MIB);
      const told = {
        requests: next - FIRST,
        seconds: Math.round(seconds),
        told: Object.fromEntries([...tally].sort(([a], [b]) => a.localeCompare(b))),
        wellBehaved: { ...well, slowestMs: Math.round(well.slowestMs) },
        process: { before, after, cpuSeconds: Math.round(after.cpuSeconds - before.cpuSeconds) },
        residentMiB: figures.seen
          .filter((_, at) => at % 10 === 0)
          .map(({ residentBytes }) => mib(residentBytes)),
        // After a full garbage collection each: once it is warm, and when all is done.
        collectedMiB: [warm, cold].map(({ heapUsed, external, rss }) => [heapUsed, external, rss].map(mib)),
        residentPeakGrowth: Number(peakGrowth(figures.seen, ({ residentBytes }) => residentBytes).toFixed(3)),
        heldUpMs: Math.round(1_000 * Math.max(...figures.seen.map(({ heldUpSeconds }) => heldUpSeconds))),
        peakHeapMiB: mib(Math.max(...figures.seen.map(({ heapBytes }) => heapBytes))),
        peakMiB: mib(Math.max(...figures.seen.map(({ residentBytes }) => residentBytes))),
      };
      process.stderr.write(`fuzz ${JSON.stringify(told)}\n`);
      expect(faults).toEqual([]);
      expect(collected).toHaveLength(1);
      // What the callers opened is closed, and nothing is left of it in the process, which is still the same one.
      await eventually(
        async () => {
          const { openFiles, sockets } = await figures.look();
          expect(sockets).toBeLessThanOrEqual(before.sockets + DATABASE_CONNECTIONS);
          expect(openFiles).toBeLessThanOrEqual(before.openFiles + DATABASE_CONNECTIONS);
        },
        { withinMs: 120_000 },
      );
      expect(next).toBe(END);
      expect(house.pid).toBe(pid);
      await request(callers.url).get('/health/ready').expect(200);
      expect(house.output.slice(said)).not.toMatch(/"level":"(error|fatal)"/);
      expect(well.answers).toBeGreaterThan(10);
      expect(mib(cold.heapUsed + cold.external)).toBeLessThan(mib(warm.heapUsed + warm.external) + 32);
      expect(told.peakMiB).toBeLessThan(2_048);
      // Garbage is collected before it is a multiple of what is alive.
      expect(told.peakHeapMiB).toBeLessThan(2 * mib(warm.heapUsed) + 64);
      // Shorter runs are over before the process has had its largest garbage.
      if (REQUESTS >= LONG_RUN) expect(told.residentPeakGrowth).toBeLessThan(RESIDENT_PEAK_GROWTH);
      // What was answered is right and answerable: a share of the mutants is not wrong enough.
      expect(tally.get('grpc 0')).toBeGreaterThan(REQUESTS / 100);
      expect(tally.get('grpc 3')).toBeGreaterThan(REQUESTS / 100);
      expect(tally.get('http 400')).toBeGreaterThan(REQUESTS / 100);
    },
    // Forty times what they take on a machine that has nothing else to do.
    Math.max(600_000, REQUESTS * 100),
  );
});
