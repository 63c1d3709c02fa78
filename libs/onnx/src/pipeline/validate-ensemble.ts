import { errors } from '@steward/kernel';
import type { TreeEnsemble } from '@steward/learning';

const MOST_OUTPUTS = 100_000;

function bad(sentence: string) {
  return errors.invalid('ONNX.BAD_PIPELINE', sentence);
}

/**
 * Checks that an ensemble's arrays fit together and that every root starts a tree: each node reached exactly once,
 * features and bit sets within range, thresholds numbers. Walks over it then end and stay inside the arrays.
 *
 * @throws AppError ONNX.BAD_PIPELINE.
 */
export function validateEnsemble(ensemble: TreeEnsemble, features: number): void {
  const { outputs, roots, treeOutput, feature, leafValues } = ensemble;
  const nodes = feature.length;
  if (ensemble.features !== features) {
    throw bad(`The trees read ${ensemble.features} features where the encoders make ${features}.`);
  }
  if (!Number.isInteger(outputs) || outputs < 1 || outputs > MOST_OUTPUTS) {
    throw bad(`An ensemble cannot have ${outputs} outputs.`);
  }
  if (!['sum', 'mean'].includes(ensemble.aggregate))
    throw bad(`There is no aggregate ${ensemble.aggregate}.`);
  if (ensemble.base.length !== outputs) throw bad('The ensemble needs a base value for each output.');
  if (treeOutput.length !== roots.length) throw bad('The ensemble needs an output for each tree.');
  const vector = treeOutput.some((output) => output === -1);
  if (vector && treeOutput.some((output) => output !== -1)) {
    throw bad('Either all trees of an ensemble hold all outputs in their leaves or none does.');
  }
  if (treeOutput.some((output) => output >= outputs || output < -1))
    throw bad('A tree adds to an unknown output.');
  const { threshold, left, right, missingLeft, categoryOffset } = ensemble;
  for (const list of [threshold, left, right, missingLeft, categoryOffset]) {
    if (list.length !== nodes) throw bad('The node arrays of the ensemble differ in length.');
  }
  if (leafValues.length !== nodes * (vector ? outputs : 1)) throw bad('The ensemble lacks leaf values.');
  const seen = new Uint8Array(nodes);
  for (const root of roots) validateTree(ensemble, root, seen);
}

function validateTree(ensemble: TreeEnsemble, root: number, seen: Uint8Array): void {
  const pending = [root];
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (node < 0 || node >= seen.length) throw bad(`A tree points to node ${node}, which does not exist.`);
    if (seen[node] === 1) throw bad(`Node ${node} is reached twice: this is no tree.`);
    seen[node] = 1;
    if (ensemble.left[node]! < 0) continue;
    validateSplit(ensemble, node);
    pending.push(ensemble.right[node]!, ensemble.left[node]!);
  }
}

function validateSplit(
  { feature, features, threshold, categoryOffset, categoryBits }: TreeEnsemble,
  node: number,
) {
  if (feature[node]! < 0 || feature[node]! >= features) {
    throw bad(`Node ${node} reads feature ${feature[node]}, which does not exist.`);
  }
  const offset = categoryOffset[node]!;
  if (offset < 0) {
    if (Number.isNaN(threshold[node])) throw bad(`Node ${node} has no threshold.`);
  } else if (offset >= categoryBits.length || offset + categoryBits[offset]! >= categoryBits.length) {
    throw bad(`The category set of node ${node} lies outside the bits.`);
  }
}
