import { GrpcLoad } from './support/grpc-load';
import { eventually } from '@steward/testing';
import type { ModelInferRequest } from '@steward/contracts/generated/open_inference/open_inference';
import { FROM_SOURCES, InferenceProcess, PROJECT, type LoggedEntry } from './support/inference-process';
import { descriptorOf, smallModel } from './support/small-model.factory';

/** `npm test` kills 5 times; STEWARD_WORKER_KILLS=50 is the whole of it. */
const KILLS = Number(process.env['STEWARD_WORKER_KILLS'] ?? 5);
/** For so long at least the bus is away; `npm run test:bus-away` takes it away for 60 s. */
const BUS_AWAY_SECONDS = Number(process.env['STEWARD_BUS_AWAY_SECONDS'] ?? 1);
const DEPLOYMENT = `/v1/projects/${PROJECT}/deployments/approval`;

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
      ...FROM_SOURCES,
      environment: { ...FROM_SOURCES.environment, STEWARD_INFERENCE_WORKERS: '2' },
      roles: ['service', 'ml-engineer'],
      severable: true,
    });
    const first = smallModel(1);
    await house.artifacts.put(first);
    await house.champion(descriptorOf(1, first));
    await house.start();
    await eventually(async () => expect(await servedVersions()).toEqual(['1']));
  });
  afterAll(() => house.close());

  const load = (connections: number, callersEach = 4): GrpcLoad => {
    const callers = new GrpcLoad(house.grpcAddress, house.authorization, connections);
    callers.start(request, callersEach);
    return callers;
  };
  /** Of both workers together; 0 where nothing was counted. */
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${house.url}/metrics`)).text();
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
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

  /** How fresh connections' answers say that they are logged. */
  const logModes = async (): Promise<string[]> => {
    const modes = new Set<string>();
    for (let connection = 0; connection < 6; connection++) {
      const answer = await fetch(`${house.url}/v2/models/${PROJECT}.approval/infer`, {
        method: 'POST',
        headers: {
          authorization: house.authorization,
          'content-type': 'application/json',
          connection: 'close',
        },
        body: JSON.stringify({
          inputs: [
            { name: 'pirat', datatype: 'FP64', shape: [1], data: [0.3] },
            { name: 'single', datatype: 'BYTES', shape: [1], data: ['yes'] },
          ],
        }),
      });
      const { parameters } = (await answer.json()) as { parameters?: { prediction_log: string } };
      modes.add(parameters?.prediction_log ?? String(answer.status));
    }
    return [...modes].sort();
  };
  /** As readers of the log see it: what a worker sent again, because it could not know, has the stamp of the first. */
  const asRead = (entries: readonly LoggedEntry[]): LoggedEntry[] => {
    const highest = new Map<string, number>();
    return entries.filter(({ producer, partition, sequence }) => {
      const where = `${producer} ${partition}`;
      if (sequence <= (highest.get(where) ?? 0)) return false;
      highest.set(where, sequence);
      return true;
    });
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

  it(
    `loses and doubles no buffered prediction while the bus is away for ${BUS_AWAY_SECONDS} s, and keeps each worker's order`,
    async () => {
      const put = await fetch(`${house.url}${DEPLOYMENT}`, {
        method: 'PUT',
        headers: { authorization: house.authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ log: { mode: 'buffered' } }),
      });
      expect(put.status).toBe(200);
      await eventually(async () => expect(await logModes()).toEqual(['buffered']));
      // One caller to a connection: it stays with its worker, and asks again when it was answered.
      const callers = Array.from({ length: 6 }, () => load(1, 1));
      const producersOf = async (ids: readonly string[]): Promise<Set<string>> => {
        const asked = new Set(ids);
        const entries = await house.loggedInOrder();
        return new Set(entries.filter((e) => asked.has(e.predictionId)).map(({ producer }) => producer));
      };
      const answered = (): number => callers.reduce((sum, { result }) => sum + result.answered.length, 0);
      const more = (count: number): Promise<void> => {
        const enough = answered() + count;
        return eventually(() => expect(answered()).toBeGreaterThan(enough));
      };
      await more(300);
      // The kernel deals connections out as it likes: six may have gone to one worker.
      await eventually(async () => {
        const producers = await producersOf(callers.flatMap(({ result }) => result.answered));
        if (producers.size < 2) callers.push(load(1, 1));
        expect(producers.size).toBe(2);
      });
      const said = house.output.length;
      house.cut();
      const cutAt = Date.now();
      const until = cutAt + BUS_AWAY_SECONDS * 1_000;
      const before = answered();
      const spooled = { most: 0, atTheEnd: 0 };
      await more(300);
      await eventually(
        async () => {
          spooled.atTheEnd = await metric('steward_inference_prediction_log_spool_bytes');
          spooled.most = Math.max(spooled.most, spooled.atTheEnd);
          expect(spooled.atTheEnd).toBeGreaterThan(100_000);
          expect(Date.now()).toBeGreaterThan(until);
        },
        { withinMs: BUS_AWAY_SECONDS * 1_000 + 60_000, everyMs: 250 },
      );
      const meanwhile = answered() - before;
      const seconds = (Date.now() - cutAt) / 1_000;
      house.mend();
      await more(300);
      const results = await Promise.all(callers.map((caller) => caller.stop()));
      // Nothing comes any more: what waits is said to have gone without another prediction.
      await eventually(
        async () => expect(await metric('steward_inference_prediction_log_spool_bytes')).toBe(0),
        { withinMs: BUS_AWAY_SECONDS * 1_000 + 60_000 },
      );
      // What was answered last may still be gathered in memory.
      const answeredIds = results.flatMap(({ answered: ids }) => ids);
      const written = await eventually(async () => {
        const entries = await house.loggedInOrder();
        const known = new Set(entries.map(({ predictionId }) => predictionId));
        expect(answeredIds.filter((id) => !known.has(id))).toEqual([]);
        return entries;
      });
      const log = asRead(written);
      process.stderr.write(
        `bus away for ${seconds.toFixed(1)} s: ${meanwhile} of ${answered()} predictions answered meanwhile, ` +
          `${spooled.most} bytes spooled at most, ${written.length - log.length} written twice and read once\n`,
      );
      const wrote = new Map(log.map((entry) => [entry.predictionId, entry]));
      const times = new Map<string, number>();
      for (const { predictionId } of log) times.set(predictionId, (times.get(predictionId) ?? 0) + 1);
      const workers = new Set<string>();
      for (const { answered: ids, failed } of results) {
        expect(failed).toEqual([]);
        expect(ids.filter((id) => times.get(id) !== 1)).toEqual([]);
        const entries = ids.map((id) => wrote.get(id)!);
        expect(new Set(entries.map(({ producer }) => producer)).size).toBe(1);
        workers.add(entries[0]!.producer);
        // In the order in which they were answered.
        const sequences = entries.map(({ sequence }) => sequence);
        expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
      }
      for (const worker of workers) {
        // None is missing that the worker wrote; one out of order would be no more than one sent again to a reader.
        const own = log.filter(({ producer }) => producer === worker).map(({ sequence }) => sequence);
        expect(own.sort((a, b) => a - b)).toEqual(own.map((_, at) => at + 1));
      }
      expect(workers.size).toBe(2);
      expect(await metric('steward_inference_prediction_log_replayed_total')).toBeGreaterThan(0);
      expect(await metric('steward_inference_prediction_log_lost_total')).toBe(0);
      expect(house.output.slice(said)).not.toMatch(/are lost to the log|refuses predictions|is damaged/);
      expect(house.workers()).toHaveLength(2);
    },
    180_000 + BUS_AWAY_SECONDS * 3_000,
  );

  it('ends in order', async () => {
    expect(await house.stop()).toBe(0);
  });
});
