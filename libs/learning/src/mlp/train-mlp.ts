import { type FitControl, report } from '../learner/progress';
import { Random } from '../random/random';
import { AdamLayer } from './adam-layer';
import { type MlpModel, runLayer } from './mlp-model';

/** What a network is trained on and how. */
export interface MlpTraining extends FitControl {
  readonly rows: number;
  readonly features: number;
  /** Row-major [rows, features], all finite. */
  readonly values: Float64Array;
  /** Class codes, or numbers. */
  readonly y: Float64Array;
  /** One for each row, mean 1. */
  readonly weights?: Float64Array;
  readonly outputs: number;
  readonly link: MlpModel['link'];
  readonly hidden: readonly number[];
  readonly l2: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly maxEpochs: number;
  readonly earlyStoppingRounds: number;
  /** The loss on rows that are not learned from. */
  readonly validationLoss?: (model: MlpModel) => number;
  readonly seed: number;
}

/**
 * Trains by minibatches with Adam (Kingma and Ba 2015) from He's initial weights (2015). With a validation loss the
 * epoch with the least of it is kept, and training ends after `earlyStoppingRounds` epochs (0: never) without a better.
 */
export function trainMlp(training: MlpTraining): MlpModel {
  const { rows, features, outputs, hidden, link, seed, maxEpochs, earlyStoppingRounds } = training;
  const random = new Random(seed);
  const sizes = [features, ...hidden, outputs];
  const layers = sizes.slice(1).map((size, i) => new AdamLayer(sizes[i]!, size, random));
  const pass = new Backpropagation(training, layers);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const current = (): MlpModel => ({ features, outputs, layers: layers.map((layer) => layer.copy()), link });
  let best = { loss: Infinity, epoch: 0, model: current() };
  for (let epoch = 1; epoch <= maxEpochs; epoch++) {
    random.shuffle(order);
    for (let from = 0; from < rows; from += training.batchSize) {
      pass.learn(order.subarray(from, from + training.batchSize));
    }
    const model = training.validationLoss || epoch === maxEpochs ? current() : best.model;
    const validationLoss = training.validationLoss?.(model);
    if (validationLoss === undefined || validationLoss < best.loss) {
      best = { loss: validationLoss ?? Infinity, epoch, model };
    }
    report(training, { done: epoch, total: maxEpochs, validationLoss });
    if (earlyStoppingRounds > 0 && epoch - best.epoch >= earlyStoppingRounds) break;
  }
  return best.model;
}

/** The forward and backward passes of one batch, over buffers that are reused. */
class Backpropagation {
  private readonly activations: readonly Float64Array[];
  private readonly deltas: readonly Float64Array[];

  constructor(
    private readonly training: MlpTraining,
    private readonly layers: readonly AdamLayer[],
  ) {
    this.activations = layers.map(({ outputs }) => new Float64Array(outputs));
    this.deltas = layers.map(({ outputs }) => new Float64Array(outputs));
  }

  /** One step of all layers down the mean gradient of the given rows. */
  learn(batch: Int32Array): void {
    for (const row of batch) {
      this.forward(row);
      this.backward(row);
    }
    const { l2, learningRate } = this.training;
    for (const layer of this.layers) layer.step(batch.length, l2, learningRate);
  }

  private forward(row: number): void {
    const { values, features } = this.training;
    let [from, at] = [values, row * features];
    this.layers.forEach((layer, i) => {
      const out = this.activations[i]!;
      runLayer(layer, i < this.layers.length - 1, from, at, out, 0);
      [from, at] = [out, 0];
    });
  }

  private backward(row: number): void {
    const { values, features } = this.training;
    this.lossGradient(row);
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const [from, at] = i === 0 ? [values, row * features] : [this.activations[i - 1]!, 0];
      this.layers[i]!.accumulate(this.deltas[i]!, from, at);
      if (i === 0) return;
      const below = this.deltas[i - 1]!;
      this.layers[i]!.backward(this.deltas[i]!, below);
      const active = this.activations[i - 1]!;
      for (let j = 0; j < below.length; j++) if (active[j]! <= 0) below[j] = 0;
    }
  }

  /** For each of the three losses the gradient by the score is the prediction less the outcome. */
  private lossGradient(row: number): void {
    const { y, weights, link } = this.training;
    const scores = this.activations.at(-1)!;
    const delta = this.deltas.at(-1)!;
    const weight = weights ? weights[row]! : 1;
    if (link === 'softmax') {
      const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
      let sum = 0;
      for (let k = 0; k < delta.length; k++) sum += delta[k] = Math.exp(scores[k]! - most);
      for (let k = 0; k < delta.length; k++) delta[k] = weight * (delta[k]! / sum - (y[row] === k ? 1 : 0));
      return;
    }
    const prediction = link === 'logistic' ? 1 / (1 + Math.exp(-scores[0]!)) : scores[0]!;
    delta[0] = weight * (prediction - y[row]!);
  }
}
