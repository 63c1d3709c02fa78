import { credentials, status } from '@grpc/grpc-js';
import {
  GRPCInferenceServiceClient,
  ModelInferRequest,
  type ModelInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { PredictionServiceClient } from '@steward/contracts/generated/tensorflow_serving/apis/prediction_service';
import { scorerFromOnnx } from '@steward/onnx';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { corpusOf } from './support/fuzz/corpus';
import { caseOf } from './support/fuzz/fuzz-cases';
import { FuzzClient, type Outcome } from './support/fuzz/fuzz-client';
import { Random } from './support/fuzz/random';
import { InferenceHouse, PROJECT } from './support/inference-house';
import { irisDescriptor, irisModel } from './support/iris-model.factory';
import { call, type Callers } from './support/protocol-callers';
import { descriptorOf, smallModel } from './support/small-model.factory';

/** 20,000 in `npm test`; tools/fuzz/inference sets more. */
const REQUESTS = Number(process.env.STEWARD_FUZZ_REQUESTS ?? 20_000);
const SEED = Number(process.env.STEWARD_FUZZ_SEED ?? 5);
const IN_FLIGHT = 24;
const IRIS = `${PROJECT}.iris`;
const MIXED = `${PROJECT}.approval`;

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

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('hostile and broken requests', () => {
  let house: InferenceHouse;
  let callers: Callers;
  let fuzzer: FuzzClient;
  const iris = irisModel();

  beforeAll(async () => {
    house = await InferenceHouse.open();
    house.policy.addPrincipal('m-app', [{ role: 'service', project: PROJECT }], { kind: 'machine' });
    const mixed = smallModel(1);
    await house.artifacts.put(iris);
    await house.artifacts.put(mixed);
    const url = await house.start();
    callers = {
      url,
      authorization: `Bearer ${house.policy.addApiKey('m-app')}`,
      model: IRIS,
      open: new GRPCInferenceServiceClient(house.grpcAddress, credentials.createInsecure()),
      tensorflow: new PredictionServiceClient(house.grpcAddress, credentials.createInsecure()),
    };
    fuzzer = new FuzzClient(
      Number(new URL(url).port),
      Number(house.grpcAddress.split(':')[1]),
      callers.authorization,
    );
    await house.alias(irisDescriptor(iris));
    await house.alias(descriptorOf(1, mixed));
    await eventually(async () => {
      for (const model of [IRIS, MIXED])
        await request(url)
          .get(`/v2/models/${model}/ready`)
          .set('authorization', callers.authorization)
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
    return outcome.kind === 'cut' && framed;
  };

  it(
    `get refusals and nothing worse, ${REQUESTS} of them, and harm nobody else`,
    async () => {
      const corpus = corpusOf(IRIS, MIXED);
      const faults: unknown[] = [];
      const tally = new Map<string, number>();
      const heap: number[] = [];
      let peak = 0;
      let next = 0;
      let cuts = 0;
      let over = false;
      const behaved = behave(() => !over);
      behaved.catch(() => undefined);
      const fuzz = async (): Promise<void> => {
        while (next < REQUESTS && faults.length < 20) {
          const number = next++;
          const each = caseOf(new Random(SEED * 1_000_003 + number), corpus);
          let outcome = await fuzzer.send(each);
          if (outcome.kind === 'cut') {
            cuts += 1;
            outcome = await fuzzer.send(each);
          }
          const told = 'status' in outcome ? `${outcome.kind} ${outcome.status}` : outcome.kind;
          tally.set(told, (tally.get(told) ?? 0) + 1);
          if (wrong(outcome, each.kind !== 'rpc' || each.framed))
            faults.push({ number, outcome, path: 'path' in each ? each.path.slice(0, 100) : each.kind });
          if (number % Math.ceil(REQUESTS / 10) === 0) {
            collect();
            heap.push(process.memoryUsage().heapUsed / 2 ** 20);
            if (REQUESTS > 20_000) process.stderr.write(`${number} sent, ${faults.length} faults\n`);
          }
          if (number % 100 === 0) peak = Math.max(peak, process.memoryUsage().rss / 2 ** 20);
        }
      };
      const started = Date.now();
      const cpu = process.cpuUsage();
      await Promise.all(Array.from({ length: IN_FLIGHT }, fuzz));
      over = true;
      const well = await behaved;
      const seconds = (Date.now() - started) / 1_000;
      const figures = {
        requests: next,
        cuts,
        seconds: Math.round(seconds),
        cpuSeconds: Math.round((process.cpuUsage(cpu).user + process.cpuUsage(cpu).system) / 1e6),
        told: Object.fromEntries([...tally].sort(([a], [b]) => a.localeCompare(b))),
        heapMiB: heap.map(Math.round),
        peakRssMiB: Math.round(peak),
        wellBehaved: { ...well, slowestMs: Math.round(well.slowestMs) },
      };
      process.stderr.write(`fuzz ${JSON.stringify(figures)}\n`);
      expect(faults).toEqual([]);
      expect(next).toBe(REQUESTS);
      // Known and not yet explained: about one REST request in 10,000 with a body over 16 KiB is not answered on its
      // connection, and is on another. It is counted, and bounded.
      expect(cuts).toBeLessThanOrEqual(Math.max(2, REQUESTS / 5_000));
      expect(well.answers).toBeGreaterThan(10);
      // Both ends of every request live in this process; what they need at a time is bounded, and nothing is kept.
      expect(heap.at(-1)! - heap[1]!).toBeLessThan(64);
      expect(peak).toBeLessThan(2_048);
      // What was answered is right and answerable: a share of the mutants is not wrong enough.
      expect(tally.get('grpc 0')).toBeGreaterThan(REQUESTS / 100);
      expect(tally.get('grpc 3')).toBeGreaterThan(REQUESTS / 100);
      expect(tally.get('http 400')).toBeGreaterThan(REQUESTS / 100);
    },
    // Forty times what they take on a machine that has nothing else to do.
    Math.max(600_000, REQUESTS * 100),
  );
});
