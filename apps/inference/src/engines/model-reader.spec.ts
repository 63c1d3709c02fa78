import { scorablePipeline } from '@steward/onnx';
import { InferenceConfig, InferenceSettings } from '../inference.config';
import { SOURCES } from '../threads/source-arguments.factory';
import { notQuiteOwnModel, ownModel } from './foreign-models.factory';
import { ModelReader } from './model-reader';

describe('ModelReader', () => {
  const config = new InferenceConfig(InferenceSettings.parse({}), SOURCES);
  const reader = new ModelReader(config);
  afterAll(() => reader.onApplicationShutdown());

  it('reads what would be read here, and null where no scorer can be made of it', async () => {
    const [own, other, none] = await Promise.all(
      [ownModel(), notQuiteOwnModel(), Buffer.from('nonsense')].map((onnx) => reader.read(onnx)),
    );
    expect(own).toEqual(scorablePipeline(ownModel()));
    expect(own).not.toBeNull();
    expect([other, none]).toEqual([null, null]);
  });

  it('tells whoever waits when its thread ends, to try again, and reads in a new one', async () => {
    // A thread that has only just been started cannot have answered yet.
    const fresh = new ModelReader(config);
    await Promise.all([
      expect(fresh.read(ownModel())).rejects.toMatchObject({
        code: 'INFERENCE.ENGINE_DIED',
        retriable: true,
      }),
      fresh.onApplicationShutdown(),
    ]);
    expect(await fresh.read(ownModel())).toEqual(scorablePipeline(ownModel()));
    await fresh.onApplicationShutdown();
  });
});
