import type { TreeEnsemble } from '@steward/learning';

/** A node as the readers give it: a leaf with its values, or a split whose children come by number. */
export type ReadNode =
  | { readonly values: readonly number[] }
  | {
      readonly feature: number;
      readonly threshold: number;
      readonly left: number;
      readonly right: number;
      readonly missingLeft: number;
      /** The categories that go left, or null for a numeric split. */
      readonly goesLeft: readonly boolean[] | null;
    };

/** Builds a {@link TreeEnsemble} from nodes. Cover is unknown to ONNX: it is zero. */
export function buildEnsemble(
  head: Pick<TreeEnsemble, 'features' | 'outputs' | 'base' | 'aggregate' | 'link'>,
  trees: readonly { readonly root: number; readonly output: number }[],
  nodes: readonly ReadNode[],
): TreeEnsemble {
  const stride = trees.some(({ output }) => output === -1) ? head.outputs : 1;
  const bits: number[] = [];
  const offsets = new Map<readonly boolean[], number>();
  const ensemble = {
    ...head,
    roots: Int32Array.from(trees, ({ root }) => root),
    treeOutput: Int32Array.from(trees, ({ output }) => output),
    feature: new Int32Array(nodes.length),
    threshold: new Float64Array(nodes.length),
    left: new Int32Array(nodes.length).fill(-1),
    right: new Int32Array(nodes.length).fill(-1),
    missingLeft: new Uint8Array(nodes.length),
    categoryOffset: new Int32Array(nodes.length).fill(-1),
    leafValues: new Float64Array(nodes.length * stride),
    cover: new Float64Array(nodes.length),
  };
  nodes.forEach((node, i) => {
    if ('values' in node) {
      for (let k = 0; k < stride; k++) ensemble.leafValues[i * stride + k] = node.values[k]!;
      return;
    }
    ensemble.feature[i] = node.feature;
    ensemble.threshold[i] = node.threshold;
    ensemble.left[i] = node.left;
    ensemble.right[i] = node.right;
    ensemble.missingLeft[i] = node.missingLeft;
    if (node.goesLeft === null) return;
    if (!offsets.has(node.goesLeft)) {
      offsets.set(node.goesLeft, bits.length);
      for (const word of bitSet(node.goesLeft)) bits.push(word);
    }
    ensemble.categoryOffset[i] = offsets.get(node.goesLeft)!;
  });
  return { ...ensemble, categoryBits: Uint32Array.from(bits) };
}

/** The set's length in words, then the words. */
function bitSet(goesLeft: readonly boolean[]): number[] {
  const words = new Uint32Array(Math.ceil(goesLeft.length / 32));
  goesLeft.forEach((left, code) => {
    if (left) words[code >>> 5] = words[code >>> 5]! | (1 << (code & 31));
  });
  return [words.length, ...words];
}
