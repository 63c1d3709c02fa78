import type { Random } from '../random/random';
import type { MlpLayer } from './mlp-model';

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

/** A layer in training: weights, biases (after the weights in one array), gradients and Adam's moments. */
export class AdamLayer implements MlpLayer {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  private readonly all: Float64Array;
  private readonly gradient: Float64Array;
  private readonly mean: Float64Array;
  private readonly square: Float64Array;
  private steps = 0;

  constructor(
    readonly inputs: number,
    readonly outputs: number,
    random: Random,
  ) {
    const count = inputs * outputs;
    this.all = new Float64Array(count + outputs);
    this.weights = this.all.subarray(0, count);
    this.biases = this.all.subarray(count);
    this.gradient = new Float64Array(this.all.length);
    this.mean = new Float64Array(this.all.length);
    this.square = new Float64Array(this.all.length);
    const spread = Math.sqrt(2 / Math.max(1, inputs));
    for (let i = 0; i < count; i++) this.weights[i] = random.normal() * spread;
  }

  /** Adds the gradient of one row, from the gradient by this layer's results and what the layer read. */
  accumulate(delta: Float64Array, from: Float64Array, at: number): void {
    const { inputs, outputs, gradient } = this;
    for (let k = 0; k < outputs; k++) {
      const slope = delta[k]!;
      if (slope === 0) continue;
      const first = k * inputs;
      for (let j = 0; j < inputs; j++) gradient[first + j]! += slope * from[at + j]!;
      gradient[inputs * outputs + k]! += slope;
    }
  }

  /** The gradient by what the layer read. */
  backward(delta: Float64Array, below: Float64Array): void {
    const { inputs, outputs, weights } = this;
    below.fill(0);
    for (let k = 0; k < outputs; k++) {
      const slope = delta[k]!;
      if (slope === 0) continue;
      const first = k * inputs;
      for (let j = 0; j < inputs; j++) below[j]! += slope * weights[first + j]!;
    }
  }

  /** One step of Adam down the mean of the gathered gradient, weights penalised by l2, biases not. */
  step(rows: number, l2: number, learningRate: number): void {
    const { all, gradient, mean, square } = this;
    const penalised = this.weights.length;
    this.steps++;
    const meanBias = 1 - MEAN_DECAY ** this.steps;
    const squareBias = 1 - SQUARE_DECAY ** this.steps;
    for (let i = 0; i < all.length; i++) {
      const slope = gradient[i]! / rows + (i < penalised ? l2 * all[i]! : 0);
      mean[i] = MEAN_DECAY * mean[i]! + (1 - MEAN_DECAY) * slope;
      square[i] = SQUARE_DECAY * square[i]! + (1 - SQUARE_DECAY) * slope * slope;
      all[i]! -= (learningRate * (mean[i]! / meanBias)) / (Math.sqrt(square[i]! / squareBias) + EPSILON);
    }
    gradient.fill(0);
  }

  /** The layer as it is now, as plain data. */
  copy(): MlpLayer {
    const { inputs, outputs } = this;
    return { inputs, outputs, weights: this.weights.slice(), biases: this.biases.slice() };
  }
}
