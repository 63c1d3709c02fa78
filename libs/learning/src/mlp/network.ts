import { aligned, type Kernel, type KernelFactory } from '../boosting/kernel/kernel';
import { createWasmKernel } from '../boosting/kernel/wasm-kernel';
import { Random } from '../random/random';
import type { MlpModel } from './mlp-model';
import { chunkStep, type ChunkMatrix, NetworkLayer, padded } from './network-layer';

/** The rows that a network learns from, and its shape. */
export interface NetworkData {
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
  readonly seed: number;
}

/** Rows that pass through the network at once: few enough for all of their numbers to stay in the processor's caches. */
const CHUNK = 64;

/** A network in training. Rows pass forth and back in chunks over buffers that are reused. */
export class Network {
  private readonly kernel: Kernel;
  private readonly layers: readonly NetworkLayer[];
  /** What each layer reads; the last: the scores. */
  private readonly activations: readonly ChunkMatrix[];
  /** Slopes by the activations; none are needed by the features. */
  private readonly slopes: readonly ChunkMatrix[];
  private readonly exponents: number;
  private readonly memory: Float64Array;

  constructor(
    private readonly data: NetworkData,
    create: KernelFactory = createWasmKernel,
  ) {
    const { features, hidden, outputs, seed } = data;
    const sizes = [features, ...hidden, outputs];
    const pairs = sizes.slice(1).map((size, i) => [sizes[i]!, size] as const);
    const chunk = (width: number): number => CHUNK * chunkStep(width);
    const exponents = CHUNK * padded(outputs) * 8;
    const bytes =
      pairs.reduce((sum, pair) => sum + NetworkLayer.bytes(...pair), 0) +
      sizes.reduce((sum, width) => sum + 2 * chunk(width), 0);
    // Each piece is a multiple of 32 bytes, so none grows by being aligned.
    this.kernel = create(aligned(bytes + exponents));
    const random = new Random(seed);
    this.layers = pairs.map((pair) => new NetworkLayer(this.kernel, ...pair, random));
    const matrix = (width: number): ChunkMatrix => ({
      address: this.kernel.alloc(chunk(width)),
      step: chunkStep(width),
    });
    this.activations = sizes.map(matrix);
    this.slopes = sizes.slice(1).map(matrix);
    this.exponents = this.kernel.alloc(exponents);
    this.memory = new Float64Array(this.kernel.buffer, 0, Math.floor(this.kernel.buffer.byteLength / 8));
  }

  /** One step of all layers down the mean gradient of the given rows. */
  learn(rows: Int32Array, l2: number, learningRate: number): void {
    this.gather(rows);
    for (const layer of this.layers) layer.learn(rows.length, l2, learningRate);
  }

  /** Adds the gradient of the given rows to what is gathered for the next step. */
  gather(rows: Int32Array): void {
    for (let from = 0; from < rows.length; from += CHUNK) {
      const chunk = rows.subarray(from, from + CHUNK);
      this.forward(chunk);
      this.backward(chunk);
    }
  }

  /** The network as it is now, as plain data. */
  model(): MlpModel {
    const { features, outputs, link } = this.data;
    return { features, outputs, link, layers: this.layers.map((layer) => layer.copy()) };
  }

  /** The gradients gathered since the last step, layer by layer in the layout of the model. */
  gathered(): MlpModel['layers'] {
    return this.layers.map((layer) => layer.gathered());
  }

  private forward(rows: Int32Array): void {
    this.read(rows);
    this.layers.forEach((layer, i) => {
      const to = this.activations[i + 1]!;
      layer.forward(rows.length, this.activations[i]!, to);
      if (i === this.layers.length - 1) return;
      this.kernel.rectify(to.address, rows.length * to.step);
      this.ones(rows.length, layer.outputs, to);
    });
  }

  private read(rows: Int32Array): void {
    const { values, features } = this.data;
    const to = this.activations[0]!;
    for (let i = 0; i < rows.length; i++) {
      const [at, from] = [(to.address + i * to.step) / 8, rows[i]! * features];
      for (let j = 0; j < features; j++) this.memory[at + j] = values[from + j]!;
    }
    this.ones(rows.length, features, to);
  }

  private ones(count: number, width: number, { address, step }: ChunkMatrix): void {
    for (let i = 0; i < count; i++) this.memory[(address + i * step) / 8 + width] = 1;
  }

  private backward(rows: Int32Array): void {
    const { kernel, activations, slopes } = this;
    this.lossGradient(rows);
    for (let i = this.layers.length - 1; i >= 0; i--) {
      this.layers[i]!.gather(rows.length, activations[i]!, slopes[i]!);
      if (i === 0) return;
      const below = slopes[i - 1]!;
      this.layers[i]!.backward(rows.length, slopes[i]!, below);
      kernel.slopesOfRectified(below.address, activations[i]!.address, rows.length * below.step);
    }
  }

  /** For each of the three losses the slope by the score is the prediction less the outcome. */
  private lossGradient(rows: Int32Array): void {
    const { y, weights, link, outputs } = this.data;
    this.predictions(rows.length);
    const { address, step } = this.slopes.at(-1)!;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const weight = weights ? weights[row]! : 1;
      for (let k = 0; k < outputs; k++) {
        const wanted = link === 'softmax' ? Number(y[row] === k) : y[row]!;
        const at = (address + i * step) / 8 + k;
        this.memory[at] = weight * (this.memory[at]! - wanted);
      }
    }
  }

  /** What the link makes of the scores, in the place of the slopes by them. */
  private predictions(count: number): void {
    const { link, outputs } = this.data;
    const { memory, exponents } = this;
    const [scores, out] = [this.activations.at(-1)!, this.slopes.at(-1)!];
    const exp = exponents / 8;
    const width = padded(outputs);
    for (let i = 0; i < count; i++) {
      const at = (scores.address + i * scores.step) / 8;
      let most = -Infinity;
      if (link === 'softmax') for (let k = 0; k < outputs; k++) most = Math.max(most, memory[at + k]!);
      for (let k = 0; k < outputs; k++) {
        memory[exp + i * width + k] = link === 'softmax' ? memory[at + k]! - most : -memory[at + k]!;
      }
    }
    if (link !== 'identity') this.kernel.exponentials(exponents, count * width * 8);
    for (let i = 0; i < count; i++) {
      const from = exp + i * width;
      const to = (out.address + i * out.step) / 8;
      let sum = 0;
      if (link === 'softmax') for (let k = 0; k < outputs; k++) sum += memory[from + k]!;
      for (let k = 0; k < outputs; k++) {
        const value = memory[from + k]!;
        memory[to + k] = link === 'softmax' ? value / sum : link === 'logistic' ? 1 / (1 + value) : -value;
      }
    }
  }
}
