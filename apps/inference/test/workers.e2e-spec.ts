import { join } from 'node:path';
import { GrpcLoad } from './support/grpc-load';
import { eventually } from '@steward/testing';
import type { ModelInferRequest } from '@steward/contracts/generated/open_inference/open_inference';
import { InferenceProcess, PROJECT } from './support/inference-process';
import { descriptorOf, smallModel } from './support/small-model.factory';

/** `npm test` kills 5 times; STEWARD_WORKER_KILLS=50 is the whole of it. */
const KILLS = Number(process.env['STEWARD_WORKER_KILLS'] ?? 5);

const request: ModelInferRequest = {
  modelName: `${PROJECT}.approval`,
  modelVersion: '',
  id: '',
  parameters: {},
  inputs: [
    { name: 'pirat', datatype: 'FP64', shape: [1], parameters: {}, contents: undefined },
    { name: 'single', datatype: 'BYTES', shape: [1], parameters: {}, contents: undefined },
  ],
  outputs: [],
  rawInputContents: [Buffer.from(Float64Array.of(0.3).buffer), Buffer.from([3, 0, 0, 0, 121, 101, 115])],
};

describe('inference in several processes', () => {
  let house: InferenceProcess;

  beforeAll(async () => {
    house = await InferenceProcess.open({
      main: join(__dirname, 'process', 'main.cjs'),
      execArgv: ['-C', '@steward/source'],
      environment: { STEWARD_INFERENCE_WORKERS: '2' },
    });
    const first = smallModel(1);
    await house.artifacts.put(first);
    await house.champion(descriptorOf(1, first));
    await house.start();
    await eventually(async () => expect(await servedVersions()).toEqual(['1']));
  });
  afterAll(() => house.close());

  const load = (connections: number): GrpcLoad => {
    const callers = new GrpcLoad(house.grpcAddress, house.authorization, connections);
    callers.start(request, 4);
    return callers;
  };
  const progress = async (callers: GrpcLoad, more: number): Promise<void> => {
    const before = callers.result.answered.length;
    await eventually(() => expect(callers.result.answered.length).toBeGreaterThan(before + more));
  };
  /** Versions that fresh connections are answered from, one after the other, so that all workers are asked. */
  const servedVersions = async (): Promise<string[]> => {
    const versions = new Set<string>();
    for (let connection = 0; connection < 6; connection++) {
      const answer = await fetch(`${house.url}/v2/models/${PROJECT}.approval`, {
        headers: { authorization: house.authorization, connection: 'close' },
      });
      const { versions: of } = (await answer.json()) as { versions?: string[] };
      versions.add(of?.[0] ?? String(answer.status));
    }
    return [...versions].sort();
  };

  it('has two workers that share the ports, and adds up what they count', async () => {
    expect(house.workers()).toHaveLength(2);
    const callers = load(4);
    await progress(callers, 200);
    const { answered, failed } = await callers.stop();
    expect(failed).toEqual([]);
    const metrics = await (await fetch(`${house.url}/metrics`)).text();
    const counted = /steward_inference_requests_total\{[^}]*outcome="ok"[^}]*\} (\d+)/.exec(metrics)?.[1];
    expect(Number(counted)).toBe(answered.length);
  });

  it('follows a new champion in every worker', async () => {
    const second = smallModel(2);
    await house.artifacts.put(second);
    await house.champion(descriptorOf(2, second));
    await eventually(async () => expect(await servedVersions()).toEqual(['2']));
  });

  it('restarts all workers at SIGHUP without a failed request', async () => {
    const before = house.workers();
    const callers = load(4);
    await progress(callers, 50);
    process.kill(house.pid, 'SIGHUP');
    await eventually(
      () => {
        const now = house.workers();
        expect(now).toHaveLength(2);
        expect(now.filter((pid) => before.includes(pid))).toEqual([]);
      },
      { withinMs: 120_000 },
    );
    await progress(callers, 50);
    const { failed } = await callers.stop();
    expect(failed).toEqual([]);
  });

  it(
    `loses no answered prediction when a worker is killed, ${KILLS} times`,
    async () => {
      const callers = load(4);
      for (let kill = 0; kill < KILLS; kill++) {
        await progress(callers, 50);
        const victims = house.workers();
        const victim = victims[kill % victims.length]!;
        process.kill(victim, 'SIGKILL');
        await eventually(
          async () => {
            expect(house.workers()).toHaveLength(2);
            expect(house.workers()).not.toContain(victim);
            expect(await servedVersions()).toEqual(['2']);
          },
          { withinMs: 120_000 },
        );
      }
      const { answered } = await callers.stop();
      const logged = await house.loggedPredictions();
      const counts = new Map<string, number>();
      for (const id of logged) counts.set(id, (counts.get(id) ?? 0) + 1);
      expect(new Set(answered).size).toBe(answered.length);
      expect(answered.filter((id) => counts.get(id) !== 1)).toEqual([]);
    },
    120_000 + KILLS * 20_000,
  );

  it('ends in order', async () => {
    expect(await house.stop()).toBe(0);
  });
});
