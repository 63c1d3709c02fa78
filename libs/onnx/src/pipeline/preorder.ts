import type { TreeEnsemble } from '@steward/learning';

/** The nodes of all trees, tree by tree, in the order in which files number them. */
export function preorder(ensemble: TreeEnsemble): number[] {
  return Array.from(ensemble.roots, (root) => preorderOf(ensemble, root)).flat();
}

/** The nodes of one tree: a node, then its left side, then its right side. */
export function preorderOf({ left, right }: TreeEnsemble, root: number): number[] {
  const order: number[] = [];
  const pending = [root];
  while (pending.length > 0) {
    const node = pending.pop()!;
    order.push(node);
    if (left[node]! >= 0) pending.push(right[node]!, left[node]!);
  }
  return order;
}
