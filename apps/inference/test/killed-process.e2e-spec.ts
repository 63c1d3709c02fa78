import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditEntryRecorded, PromotionRequested, RolloutChanged } from '@steward/contracts';
import { eventually } from '@steward/testing';
import { decodeSegment } from '../src/prediction-log/spool-format';
import { FROM_SOURCES, InferenceProcess, PROJECT } from './support/inference-process';
import { descriptorOf, smallModel } from './support/small-model.factory';

const DEPLOYMENT = `/v1/projects/${PROJECT}/deployments/approval`;

describe('inference that is killed', () => {
  let house: InferenceProcess;
  const models = [1, 2].map(smallModel) as [Buffer, Buffer];

  beforeAll(async () => {
    house = await InferenceProcess.open({
      ...FROM_SOURCES,
      roles: ['service', 'ml-engineer'],
      severable: true,
    });
    for (const model of models) await house.artifacts.put(model);
    await house.champion(descriptorOf(1, models[0]));
    await house.champion(descriptorOf(2, models[1]), 'canary');
    await house.start();
    await eventually(() => predict(0));
  });
  afterAll(() => house.close());

  const call = async (path: string, method = 'GET', body?: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${house.url}${path}`, {
      method,
      headers: { authorization: house.authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(json)}`);
    return json;
  };
  const predict = async (n: number): Promise<string> => {
    const { parameters } = await call(`/v2/models/${PROJECT}.approval/infer`, 'POST', {
      inputs: [
        { name: 'pirat', datatype: 'FP64', shape: [1], data: [(n % 100) / 100] },
        { name: 'single', datatype: 'BYTES', shape: [1], data: ['yes'] },
      ],
    });
    return (parameters as { prediction_id: string }).prediction_id;
  };
  /** Ids of the predictions that wait on the disk. */
  const spooled = (): string[] => {
    const root = join(house.folder, 'inference', 'prediction-log');
    if (!existsSync(root)) return [];
    return readdirSync(root).flatMap((folder) =>
      readdirSync(join(root, folder))
        .toSorted()
        .flatMap((file) =>
          decodeSegment(readFileSync(join(root, folder, file))).events.map(({ key }) => key),
        ),
    );
  };

  it('goes on with its canary where it was, and takes each step once', async () => {
    const gates = { errors: { minimum: 60, margin: 1 } };
    await eventually(() => call(DEPLOYMENT, 'PUT', { canary: { steps: [40, 60], gates } }));
    // After so many requests.
    const kills = [20, 60, 120];
    const state = async () => (await call(DEPLOYMENT))['rollout'] as { id: string; state: string };
    const { id } = await state();
    for (let n = 0; (await state()).state === 'running'; n++) {
      expect(n).toBeLessThan(2_000);
      await Promise.all(Array.from({ length: 4 }, (_, i) => predict(n * 4 + i)));
      if (n * 4 < (kills[0] ?? Infinity)) continue;
      kills.shift();
      await house.kill();
      await house.start();
      await eventually(() => predict(0));
    }
    expect(kills.length).toBeLessThan(3);
    expect(await state()).toMatchObject({ id, state: 'promotion_requested' });
    await eventually(async () => {
      const moves = (await house.events(RolloutChanged)).map(({ state: to, step }) => [to, step]);
      expect(moves).toEqual([
        ['running', 0],
        ['running', 1],
        ['promotion_requested', 1],
      ]);
      expect(await house.events(PromotionRequested)).toHaveLength(1);
      const entries = (await house.events(AuditEntryRecorded.inference)).filter(
        ({ object }) => object.id === id,
      );
      expect(entries).toHaveLength(3);
    });
  });

  it('has in the log what had reached its spool while the bus was away, once', async () => {
    await call(DEPLOYMENT, 'PUT', { log: { mode: 'buffered' } });
    await eventually(async () => expect(await call(DEPLOYMENT)).toMatchObject({ log: { mode: 'buffered' } }));
    house.cut();
    const ids: string[] = [];
    for (let n = 0; n < 40; n++) ids.push(await predict(n));
    await eventually(() => expect(spooled()).toEqual(ids));
    await house.kill();
    house.mend();
    await house.start();
    await eventually(async () => {
      const logged = (await house.loggedPredictions()).filter((id) => ids.includes(id));
      expect(logged.toSorted()).toEqual(ids.toSorted());
    });
    await eventually(() => expect(spooled()).toEqual([]));
  });
});
