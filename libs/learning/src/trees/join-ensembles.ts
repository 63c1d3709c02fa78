import type { TreeEnsemble } from './tree-ensemble';

/** One ensemble of the trees of several that agree in features, outputs, base, aggregate and link, in their order. */
export function joinEnsembles(parts: readonly TreeEnsemble[]): TreeEnsemble {
  const starts = offsets(parts.map((part) => part.feature.length));
  const bitStarts = offsets(parts.map((part) => part.categoryBits.length));
  const shifted = (of: (part: TreeEnsemble) => Int32Array, by: readonly number[]): Int32Array =>
    Int32Array.from(parts.flatMap((part, p) => Array.from(of(part), (at) => (at < 0 ? at : at + by[p]!))));
  const whole = (of: (part: TreeEnsemble) => ArrayLike<number>): number[] =>
    parts.flatMap((part) => Array.from(of(part)));
  return {
    ...parts[0]!,
    roots: shifted((part) => part.roots, starts),
    left: shifted((part) => part.left, starts),
    right: shifted((part) => part.right, starts),
    categoryOffset: shifted((part) => part.categoryOffset, bitStarts),
    treeOutput: Int32Array.from(whole((part) => part.treeOutput)),
    feature: Int32Array.from(whole((part) => part.feature)),
    threshold: Float64Array.from(whole((part) => part.threshold)),
    missingLeft: Uint8Array.from(whole((part) => part.missingLeft)),
    categoryBits: Uint32Array.from(whole((part) => part.categoryBits)),
    leafValues: Float64Array.from(whole((part) => part.leafValues)),
    cover: Float64Array.from(whole((part) => part.cover)),
  };
}

function offsets(sizes: readonly number[]): number[] {
  let sum = 0;
  return sizes.map((size) => (sum += size) - size);
}
