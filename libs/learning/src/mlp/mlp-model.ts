/** One layer: weights x row + biases. */
export interface MlpLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major [outputs, inputs]. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** A network of layers with max(0, x) between them. Features must be finite. */
export interface MlpModel {
  readonly features: number;
  readonly outputs: number;
  /** The hidden layers, then the layer of the scores. */
  readonly layers: readonly MlpLayer[];
  readonly link: 'identity' | 'logistic' | 'softmax';
}

/**
 * Writes what a layer makes of `from` (from `at` on) to `out` at `outAt`: summed from 0 in the order of the inputs, the
 * bias last; with `rectify`, negative results become 0.
 */
export function runLayer(
  { inputs, outputs, weights, biases }: MlpLayer,
  rectify: boolean,
  from: Float64Array,
  at: number,
  out: Float64Array,
  outAt: number,
): void {
  const sums = sumsOfFour;
  for (let k = 0; k < outputs; k += 4) {
    const count = Math.min(4, outputs - k);
    if (count === 4) sumFour(weights, k * inputs, inputs, from, at);
    else for (let i = 0; i < count; i++) sums[i] = sumOne(weights, (k + i) * inputs, inputs, from, at);
    for (let i = 0; i < count; i++) {
      const value = sums[i]! + biases[k + i]!;
      out[outAt + k + i] = rectify ? Math.max(0, value) : value;
    }
  }
}

const sumsOfFour = new Float64Array(4);

/** Four sums side by side, each in its own order: one alone would wait for every addition. */
function sumFour(weights: Float64Array, first: number, inputs: number, from: Float64Array, at: number): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  const [second, third, fourth] = [first + inputs, first + 2 * inputs, first + 3 * inputs];
  for (let j = 0; j < inputs; j++) {
    const value = from[at + j]!;
    a += weights[first + j]! * value;
    b += weights[second + j]! * value;
    c += weights[third + j]! * value;
    d += weights[fourth + j]! * value;
  }
  sumsOfFour[0] = a;
  sumsOfFour[1] = b;
  sumsOfFour[2] = c;
  sumsOfFour[3] = d;
}

function sumOne(
  weights: Float64Array,
  first: number,
  inputs: number,
  from: Float64Array,
  at: number,
): number {
  let sum = 0;
  for (let j = 0; j < inputs; j++) sum += weights[first + j]! * from[at + j]!;
  return sum;
}

/** Scores (before the link) of dense rows, row-major [rows, features] to row-major [rows, outputs]. */
export function mlpScores(
  { features, outputs, layers }: MlpModel,
  values: Float64Array,
  rows: number,
): Float64Array {
  const scores = new Float64Array(rows * outputs);
  const hidden = layers.slice(0, -1).map((layer) => new Float64Array(layer.outputs));
  for (let row = 0; row < rows; row++) {
    let [from, at] = [values, row * features];
    hidden.forEach((out, i) => {
      runLayer(layers[i]!, true, from, at, out, 0);
      [from, at] = [out, 0];
    });
    runLayer(layers.at(-1)!, false, from, at, scores, row * outputs);
  }
  return scores;
}

/** The model whose scores are those of another times a factor, plus an offset. */
export function withLastLayer(model: MlpModel, factor: number, offset: number): MlpModel {
  const last = model.layers.at(-1)!;
  const layer: MlpLayer = {
    ...last,
    weights: last.weights.map((weight) => weight * factor),
    biases: last.biases.map((bias) => bias * factor + offset),
  };
  return { ...model, layers: [...model.layers.slice(0, -1), layer] };
}
