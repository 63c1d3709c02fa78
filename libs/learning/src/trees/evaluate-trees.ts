import type { TreeEnsemble } from './tree-ensemble';

/** The leaf that a dense row (at `offset` of `values`) reaches in the tree with that root. */
export function leafOf(ensemble: TreeEnsemble, root: number, values: Float64Array, offset = 0): number {
  let node = root;
  while (ensemble.left[node]! >= 0) {
    const value = values[offset + ensemble.feature[node]!]!;
    node = goesLeft(ensemble, node, value) ? ensemble.left[node]! : ensemble.right[node]!;
  }
  return node;
}

/** Whether a value goes left at a node (see TreeEnsemble). */
export function goesLeft(ensemble: TreeEnsemble, node: number, value: number): boolean {
  const offset = ensemble.categoryOffset[node]!;
  if (offset < 0) {
    // NaN is neither above nor at or below: this tells it apart without a call in the innermost loop.
    if (value <= ensemble.threshold[node]!) return true;
    return value > ensemble.threshold[node]! ? false : ensemble.missingLeft[node] === 1;
  }
  if (Number.isNaN(value)) return ensemble.missingLeft[node] === 1;
  const word = value >> 5;
  if (value < 0 || word >= ensemble.categoryBits[offset]!) return false;
  return ((ensemble.categoryBits[offset + 1 + word]! >>> (value & 31)) & 1) === 1;
}

/** Scores (before the link) of dense rows, row-major [rows, features] to row-major [rows, outputs]. */
export function treeScores(ensemble: TreeEnsemble, values: Float64Array, rows: number): Float64Array {
  const { outputs, roots, treeOutput, leafValues, base, features } = ensemble;
  const scores = new Float64Array(rows * outputs);
  const share = ensemble.aggregate === 'mean' ? 1 / Math.max(1, roots.length) : 1;
  for (let row = 0; row < rows; row++) {
    for (let t = 0; t < roots.length; t++) {
      const leaf = leafOf(ensemble, roots[t]!, values, row * features);
      const output = treeOutput[t]!;
      if (output >= 0) scores[row * outputs + output]! += leafValues[leaf]!;
      else for (let k = 0; k < outputs; k++) scores[row * outputs + k]! += leafValues[leaf * outputs + k]!;
    }
    for (let k = 0; k < outputs; k++) {
      scores[row * outputs + k] = base[k]! + scores[row * outputs + k]! * share;
    }
  }
  return scores;
}
