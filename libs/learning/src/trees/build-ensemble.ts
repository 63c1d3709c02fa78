import type { BinMapper } from '../binning/bin-mapper';
import type { GrownNode, GrownTree } from '../boosting/grown-tree';
import type { TreeEnsemble } from './tree-ensemble';

/** Turns trees over bins into an ensemble over values. */
export function buildEnsemble(
  trees: readonly GrownTree[],
  mappers: readonly BinMapper[],
  shape: Pick<TreeEnsemble, 'outputs' | 'base' | 'link'>,
): TreeEnsemble {
  const count = trees.reduce((sum, tree) => sum + tree.nodes.length, 0);
  const ensemble = {
    ...shape,
    features: mappers.length,
    roots: new Int32Array(trees.length),
    treeOutput: Int32Array.from(trees, (tree) => tree.output),
    feature: new Int32Array(count),
    threshold: new Float64Array(count),
    left: new Int32Array(count).fill(-1),
    right: new Int32Array(count).fill(-1),
    missingLeft: new Uint8Array(count),
    categoryOffset: new Int32Array(count).fill(-1),
    leafValues: new Float64Array(count),
    cover: new Float64Array(count),
    aggregate: 'sum' as const,
  };
  const bits: number[] = [];
  let next = 0;
  trees.forEach((tree, t) => {
    ensemble.roots[t] = next;
    tree.nodes.forEach((node, i) => {
      const at = next + i;
      ensemble.cover[at] = node.cover;
      if (node.left < 0) ensemble.leafValues[at] = node.value;
      else {
        ensemble.left[at] = next + node.left;
        ensemble.right[at] = next + node.right;
        ensemble.feature[at] = node.feature;
        ensemble.missingLeft[at] = node.missingLeft ? 1 : 0;
        if (node.categories) ensemble.categoryOffset[at] = pushBits(bits, node.categories);
        else ensemble.threshold[at] = thresholdOf(node, mappers[node.feature]!);
      }
    });
    next += tree.nodes.length;
  });
  return { ...ensemble, categoryBits: Uint32Array.from(bits) };
}

/** After the last value bin there is no threshold: all values go left and only missing ones right. */
function thresholdOf(node: GrownNode, mapper: BinMapper): number {
  return node.bin < mapper.upper.length ? mapper.upper[node.bin]! : Infinity;
}

function pushBits(bits: number[], categories: readonly number[]): number {
  const offset = bits.length;
  const words = new Uint32Array((Math.max(0, ...categories) >> 5) + 1);
  for (const code of categories) words[code >> 5]! |= 1 << (code & 31);
  bits.push(words.length, ...words);
  return offset;
}
