import { errors } from '@steward/kernel';
import { HASH_BYTES, hashChildren } from './merkle-hash';

/** Leaves from `from` up to, not including, `to`. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** Name of a complete node: the subtree over leaves [index * 2^level, (index + 1) * 2^level). Level 0 are leaves. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/**
 * The subtrees whose hashes form the audit path of a leaf, nearest first (RFC 6962 §2.1.1). The hash of each is
 * {@link foldNodes} over its {@link completeNodes}. Throws AppError `AUDIT.NO_SUCH_ENTRY` if index is outside the tree.
 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  checkPosition(index, size);
  return inclusionPath(index, { from: 0, to: size });
}

function inclusionPath(index: number, tree: LeafRange): LeafRange[] {
  if (tree.to - tree.from === 1) return [];
  const middle = splitOf(tree);
  const [left, right] = [
    { from: tree.from, to: middle },
    { from: middle, to: tree.to },
  ];
  return index < middle ? [...inclusionPath(index, left), right] : [...inclusionPath(index, right), left];
}

/**
 * The subtrees whose hashes prove that the tree of `oldSize` leaves is the beginning of that of `newSize`
 * (RFC 6962 §2.1.2). Empty where nothing needs proof: equal sizes, or an old tree without leaves.
 */
export function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize)
    throw errors.invalid(
      'AUDIT.BAD_SIZES',
      `A log of ${newSize} entries has no earlier state of ${oldSize}.`,
    );
  if (oldSize === 0) return [];
  return consistencyPath(oldSize, { from: 0, to: newSize }, true);
}

function consistencyPath(oldSize: number, tree: LeafRange, known: boolean): LeafRange[] {
  if (oldSize === tree.to) return known ? [] : [tree];
  const middle = splitOf(tree);
  const [left, right] = [
    { from: tree.from, to: middle },
    { from: middle, to: tree.to },
  ];
  return oldSize <= middle
    ? [...consistencyPath(oldSize, left, known), right]
    : [...consistencyPath(oldSize, right, false), left];
}

/** The complete nodes that a range of a tree consists of, left to right. */
export function completeNodes(range: LeafRange): NodeId[] {
  const nodes: NodeId[] = [];
  let from = range.from;
  while (from < range.to) {
    let level = 0;
    while (from % 2 ** (level + 1) === 0 && from + 2 ** (level + 1) <= range.to) level += 1;
    nodes.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return nodes;
}

/** The hash of a range from those of its complete nodes, left to right. */
export function foldNodes(hashes: readonly Buffer[]): Buffer {
  return hashes.reduceRight((right, left) => hashChildren(left, right));
}

/** True if the path proves that the leaf stands at `index` in the tree with this root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(proof: {
  readonly index: number;
  readonly size: number;
  readonly leaf: Buffer;
  readonly path: readonly Buffer[];
  readonly root: Buffer;
}): boolean {
  const { index, size, path } = proof;
  if (!isCount(index) || !isCount(size) || index >= size || path.some((node) => node.length !== HASH_BYTES))
    return false;
  let [at, last, node] = [index, size - 1, proof.leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = hashChildren(sibling, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else node = hashChildren(node, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && node.equals(proof.root);
}

/** True if the path proves that the tree with the old root is the beginning of the new one (RFC 9162 §2.1.4.2). */
export function verifyConsistency(proof: {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Buffer;
  readonly newRoot: Buffer;
  readonly path: readonly Buffer[];
}): boolean {
  const { oldSize, newSize, oldRoot, newRoot } = proof;
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.path.length === 0 && oldRoot.equals(newRoot);
  if (oldSize === 0) return proof.path.length === 0;
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof.path] : [...proof.path];
  const first = path.shift();
  if (!first || first.length !== HASH_BYTES) return false;
  let [at, last] = [oldSize - 1, newSize - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [oldHash, newHash] = [first, first];
  for (const node of path) {
    if (last === 0 || node.length !== HASH_BYTES) return false;
    if (at % 2 === 1 || at === last) {
      oldHash = hashChildren(node, oldHash);
      newHash = hashChildren(node, newHash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else newHash = hashChildren(newHash, node);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
}

/** Where RFC 6962 splits a tree: after the largest power of two that is smaller than its size. */
function splitOf(tree: LeafRange): number {
  let width = 1;
  while (width * 2 < tree.to - tree.from) width *= 2;
  return tree.from + width;
}

function checkPosition(index: number, size: number): void {
  if (!isCount(index) || !isCount(size) || index >= size)
    throw errors.notFound('AUDIT.NO_SUCH_ENTRY', `There is no entry ${index} in a log of ${size}.`);
}

const half = (count: number): number => Math.floor(count / 2);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));
