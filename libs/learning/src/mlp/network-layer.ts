import type { Kernel } from '../boosting/kernel/kernel';
import type { Random } from '../random/random';
import type { MlpLayer } from './mlp-model';

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;

/** Widths are padded with zeros to four doubles, for which the kernel has one step. */
export const padded = (width: number): number => Math.ceil(width / 4) * 4;

/** Rows of a chunk side by side in kernel memory: what a layer made of them, then a 1 that stands for the bias. */
export interface ChunkMatrix {
  readonly address: number;
  /** Bytes from one row to the next. */
  readonly step: number;
}

/** Bytes from one row of a chunk to the next. */
export const chunkStep = (width: number): number => padded(width + 1) * 8;

/**
 * A layer in training, in kernel memory: parameters as [inputs + 1, outputs], the biases last, and the gradient and
 * Adam's moments beside them.
 */
export class NetworkLayer {
  private readonly parameters: number;
  private readonly gradient: number;
  private readonly mean: number;
  private readonly square: number;
  /** The weights once more as [outputs, inputs], for the way back. */
  private readonly turned: number;
  private meanPower = 1;
  private squarePower = 1;

  /** Bytes that a layer needs. */
  static bytes(inputs: number, outputs: number): number {
    return (4 * (inputs + 1) * padded(outputs) + outputs * padded(inputs)) * 8;
  }

  /** Weights and biases start uniform in +- sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010). */
  constructor(
    private readonly kernel: Kernel,
    readonly inputs: number,
    readonly outputs: number,
    random: Random,
  ) {
    const take = (): number => kernel.alloc(this.bytes);
    [this.parameters, this.gradient, this.mean, this.square] = [take(), take(), take(), take()];
    this.turned = kernel.alloc(outputs * padded(inputs) * 8);
    const bound = Math.sqrt(6 / (inputs + outputs));
    const view = this.view(this.parameters);
    for (let k = 0; k < outputs; k++) {
      for (let j = 0; j <= inputs; j++) view[j * padded(outputs) + k] = (2 * random.next() - 1) * bound;
    }
    this.turn();
  }

  private get step(): number {
    return padded(this.outputs) * 8;
  }

  private get bytes(): number {
    return (this.inputs + 1) * this.step;
  }

  /** to = from x weights + biases: each sum in the order of the inputs, the bias last, as `runLayer` does. */
  forward(count: number, from: ChunkMatrix, to: ChunkMatrix): void {
    const columns = padded(this.outputs);
    const { parameters, step, inputs } = this;
    const { address, step: next } = from;
    const target = [to.address, to.step] as const;
    this.kernel.multiply(count, columns, inputs + 1, address, next, 8, parameters, step, ...target, 0);
  }

  /** Adds the gradient of a chunk: what the layer read, transposed, times the slopes by what it made. */
  gather(count: number, from: ChunkMatrix, slopes: ChunkMatrix): void {
    const columns = padded(this.outputs);
    const { gradient, step, inputs } = this;
    const [a, b] = [[from.address, 8, from.step] as const, [slopes.address, slopes.step] as const];
    this.kernel.multiply(inputs + 1, columns, count, ...a, ...b, gradient, step, 1);
  }

  /** The slopes by what the layer read. */
  backward(count: number, slopes: ChunkMatrix, below: ChunkMatrix): void {
    const columns = padded(this.inputs);
    const { turned, outputs } = this;
    const [a, c] = [[slopes.address, slopes.step, 8] as const, [below.address, below.step] as const];
    this.kernel.multiply(count, columns, outputs, ...a, turned, columns * 8, ...c, 0);
  }

  /** One step of Adam down the mean of the gathered gradient, weights penalised by l2, biases not. */
  learn(rows: number, l2: number, learningRate: number): void {
    // Products, not powers: a power may differ from one machine to another.
    this.meanPower *= MEAN_DECAY;
    this.squarePower *= SQUARE_DECAY;
    const shares = [1 - this.meanPower, 1 - this.squarePower] as const;
    const weights = this.inputs * this.step;
    const { parameters, gradient, mean, square, step } = this;
    this.kernel.adam(parameters, gradient, mean, square, weights, rows, l2, learningRate, ...shares);
    const biases = [parameters, gradient, mean, square].map((at) => at + weights);
    const [values, slope, first, second] = biases as [number, number, number, number];
    this.kernel.adam(values, slope, first, second, step, rows, 0, learningRate, ...shares);
    this.turn();
  }

  /** The layer as it is now, as plain data. */
  copy(): MlpLayer {
    return this.layout(this.parameters);
  }

  /** The gathered gradient, in the layout of the layer. */
  gathered(): MlpLayer {
    return this.layout(this.gradient);
  }

  private turn(): void {
    const { inputs, outputs, parameters, turned, step } = this;
    this.kernel.transpose(inputs, outputs, parameters, step, turned, padded(inputs) * 8);
  }

  private layout(address: number): MlpLayer {
    const { inputs, outputs } = this;
    const view = this.view(address);
    const at = (j: number, k: number): number => view[j * padded(outputs) + k]!;
    return {
      inputs,
      outputs,
      weights: new Float64Array(inputs * outputs).map((_, i) => at(i % inputs, Math.floor(i / inputs))),
      biases: new Float64Array(outputs).map((_, k) => at(inputs, k)),
    };
  }

  private view(address: number): Float64Array {
    return new Float64Array(this.kernel.buffer, address, this.bytes / 8);
  }
}
