/** Turns `count` scores at `scoresAt` into predictions at `outAt`; a single classifier score gives both classes. */
export type Link = (scores: Float64Array, scoresAt: number, out: Float64Array, outAt: number) => void;

/**
 * The link of a pipeline. `pair` is true for a binary classifier with one score: its two probabilities are 1 - p
 * and p. Logistic is 1 / (1 + e^-s); softmax subtracts the greatest score first, as usual, against overflow.
 */
export function makeLink(
  kind: 'identity' | 'logistic' | 'softmax' | 'exp',
  count: number,
  pair: boolean,
): Link {
  if (kind === 'softmax') return softmax(count);
  const transform = kind === 'logistic' ? logistic : kind === 'exp' ? Math.exp : identity;
  if (pair) {
    return (scores, scoresAt, out, outAt) => {
      const p = transform(scores[scoresAt]!);
      out[outAt] = 1 - p;
      out[outAt + 1] = p;
    };
  }
  return (scores, scoresAt, out, outAt) => {
    for (let k = 0; k < count; k++) out[outAt + k] = transform(scores[scoresAt + k]!);
  };
}

const identity = (score: number): number => score;
const logistic = (score: number): number => 1 / (1 + Math.exp(-score));

function softmax(count: number): Link {
  return (scores, scoresAt, out, outAt) => {
    let most = -Infinity;
    for (let k = 0; k < count; k++) most = Math.max(most, scores[scoresAt + k]!);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const power = Math.exp(scores[scoresAt + k]! - most);
      out[outAt + k] = power;
      sum += power;
    }
    for (let k = 0; k < count; k++) out[outAt + k] = out[outAt + k]! / sum;
  };
}
