import type { TreeEnsemble } from '@steward/learning';

/** Bits of a float32's significand, less one for what rounding adds to the parts. */
const BITS = 23;
const LEAST_EXPONENT = -1000;

/**
 * The unit of the high parts of an ensemble's leaves: a power of two of which no sum of leaves, one for each tree,
 * needs more than 2^24. Sums of multiples of it are exact in float32, in any order and to the last.
 */
export function leafQuantum(ensemble: TreeEnsemble): number {
  const { roots, treeOutput, outputs, left, right, leafValues } = ensemble;
  const bounds = new Float64Array(outputs);
  const largest = new Float64Array(outputs);
  roots.forEach((root, tree) => {
    largest.fill(0);
    const pending = [root];
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (left[node]! >= 0) {
        pending.push(left[node]!, right[node]!);
        continue;
      }
      const own = treeOutput[tree]!;
      const [from, to] = own < 0 ? [0, outputs] : [own, own + 1];
      for (let k = from; k < to; k++) {
        const value = leafValues[own < 0 ? node * outputs + k : node]!;
        largest[k] = Math.max(largest[k]!, Math.abs(value));
      }
    }
    largest.forEach((value, k) => (bounds[k]! += value));
  });
  const bound = bounds.reduce((most, value) => Math.max(most, value), 0);
  return bound === 0 ? 1 : 2 ** Math.max(LEAST_EXPONENT, Math.ceil(Math.log2(bound)) - BITS);
}

/**
 * A leaf's value as a multiple of the quantum and what is left, which add up to it exactly. ONNX's tree operators give
 * float32: the sum of the high parts is then exact, and that of the low ones is wrong by at most trees x quantum x
 * 2^-25, which is about trees x 2^-49 of the largest score (the extraction of Rump, Ogita and Oishi 2008).
 */
export function leafParts(value: number, quantum: number): readonly [high: number, low: number] {
  const high = Math.round(value / quantum) * quantum + 0;
  return [high, value - high + 0];
}
