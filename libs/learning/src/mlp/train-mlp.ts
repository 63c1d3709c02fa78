import { type FitControl, report } from '../learner/progress';
import { deriveSeed, Random } from '../random/random';
import type { MlpModel } from './mlp-model';
import { Network, type NetworkData } from './network';

/** What a network is trained on and how. */
export interface MlpTraining extends FitControl, NetworkData {
  readonly rows: number;
  readonly l2: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly maxEpochs: number;
  readonly earlyStoppingRounds: number;
  /** The loss on rows that are not learned from. */
  readonly validationLoss?: (model: MlpModel) => number;
}

/**
 * Trains by minibatches with Adam (Kingma and Ba 2015) from Glorot's initial weights. With a validation loss the
 * epoch with the least of it is kept, and training ends after `earlyStoppingRounds` epochs (0: never) without a better.
 */
export function trainMlp(training: MlpTraining): MlpModel {
  const { rows, seed, maxEpochs, earlyStoppingRounds, l2, learningRate } = training;
  const network = new Network(training);
  const random = new Random(deriveSeed(seed, 0));
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  let best = { loss: Infinity, epoch: 0, model: network.model() };
  for (let epoch = 1; epoch <= maxEpochs; epoch++) {
    random.shuffle(order);
    for (let from = 0; from < rows; from += training.batchSize) {
      network.learn(order.subarray(from, from + training.batchSize), l2, learningRate);
    }
    const model = training.validationLoss || epoch === maxEpochs ? network.model() : best.model;
    const validationLoss = training.validationLoss?.(model);
    if (validationLoss === undefined || validationLoss < best.loss) {
      best = { loss: validationLoss ?? Infinity, epoch, model };
    }
    report(training, { done: epoch, total: maxEpochs, validationLoss });
    if (earlyStoppingRounds > 0 && epoch - best.epoch >= earlyStoppingRounds) break;
  }
  return best.model;
}
