import type { MlpModel } from '@steward/learning';

import { badPipeline } from './bad-pipeline';

/**
 * Checks that the layers of a network fit together and to the features.
 *
 * @throws AppError ONNX.BAD_PIPELINE.
 */
export function validateMlp(model: MlpModel, features: number): void {
  if (model.features !== features) {
    throw badPipeline(`The network reads ${model.features} features where the encoders make ${features}.`);
  }
  if ((model.link as string) === 'exp') throw badPipeline('A network has no link exp.');
  let inputs = features;
  model.layers.forEach((layer, i) => {
    const { outputs, weights, biases } = layer;
    if (layer.inputs !== inputs || weights.length !== inputs * outputs || biases.length !== outputs) {
      throw badPipeline(`Layer ${i} of the network does not fit to the one before it.`);
    }
    inputs = outputs;
  });
  if (model.layers.length === 0 || model.outputs !== inputs) {
    throw badPipeline('The last layer of the network must have its outputs.');
  }
}
