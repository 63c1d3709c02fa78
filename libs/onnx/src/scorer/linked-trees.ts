import type { TreeEnsemble } from '@steward/learning';

import { LANES, type LeafFinder } from './leaf-finder';
import type { WorkRowPlan } from './work-row';

/** Walks that go this deep or less are made by a fixed number of steps, deeper ones until they reach a leaf. */
const DEEPEST_STEPPED = 24;

/**
 * Trees of any shape, renumbered so that a right child follows its left one: `i = next + (value > threshold)`. A
 * leaf's next is itself and its threshold Infinity, so all lanes of a group can take the same number of steps.
 */
export class LinkedTrees implements LeafFinder {
  readonly leafValues: Float64Array;
  readonly found = new Int32Array(LANES);
  private readonly slots: Int32Array;
  private readonly thresholds: Float64Array;
  private readonly next: Int32Array;
  /** First node of each lane, group by group. */
  private readonly roots: Int32Array;
  private readonly depths: Int32Array;

  constructor(
    private readonly ensemble: TreeEnsemble,
    plan: WorkRowPlan,
    stride: number,
    treeDepths: readonly number[],
  ) {
    const groups = Math.ceil(treeDepths.length / LANES);
    const order = this.renumber();
    const nodes = order.length;
    this.slots = new Int32Array(nodes + 1);
    this.thresholds = new Float64Array(nodes + 1).fill(Infinity);
    this.next = Int32Array.from({ length: nodes + 1 }, (_, i) => i);
    this.leafValues = new Float64Array((nodes + 1) * stride);
    // The last node is the empty leaf of lanes without a tree.
    this.roots = new Int32Array(groups * LANES).fill(nodes);
    this.depths = Int32Array.from({ length: groups }, (_, g) =>
      Math.max(...treeDepths.slice(g * LANES, (g + 1) * LANES)),
    );
    const numbers = new Map(order.map((node, number) => [node, number]));
    ensemble.roots.forEach((root, tree) => (this.roots[tree] = numbers.get(root)!));
    order.forEach((node, number) => {
      const values = ensemble.leafValues.subarray(node * stride, (node + 1) * stride);
      if (ensemble.left[node]! < 0) return this.leafValues.set(values, number * stride);
      const { slot, threshold } = plan.comparison(node);
      this.slots[number] = slot;
      this.thresholds[number] = threshold;
      this.next[number] = numbers.get(ensemble.left[node]!)!;
    });
  }

  /** The nodes tree by tree, level by level, so that siblings stand side by side. */
  private renumber(): number[] {
    const { roots, left, right } = this.ensemble;
    const order: number[] = [];
    for (const root of roots) {
      let at = order.push(root) - 1;
      for (; at < order.length; at++) {
        const node = order[at]!;
        if (left[node]! >= 0) order.push(left[node]!, right[node]!);
      }
    }
    return order;
  }

  find(group: number, work: Float64Array): void {
    if (this.depths[group]! > DEEPEST_STEPPED) return this.walkEach(group, work);
    const { slots, thresholds, next, roots, found } = this;
    const steps = this.depths[group]!;
    const first = group * LANES;
    let i0 = roots[first]!;
    let i1 = roots[first + 1]!;
    let i2 = roots[first + 2]!;
    let i3 = roots[first + 3]!;
    for (let step = 0; step < steps; step++) {
      i0 = (next[i0]! + +(work[slots[i0]!]! > thresholds[i0]!)) | 0;
      i1 = (next[i1]! + +(work[slots[i1]!]! > thresholds[i1]!)) | 0;
      i2 = (next[i2]! + +(work[slots[i2]!]! > thresholds[i2]!)) | 0;
      i3 = (next[i3]! + +(work[slots[i3]!]! > thresholds[i3]!)) | 0;
    }
    found[0] = i0;
    found[1] = i1;
    found[2] = i2;
    found[3] = i3;
  }

  private walkEach(group: number, work: Float64Array): void {
    const { slots, thresholds, next, roots, found } = this;
    for (let lane = 0; lane < LANES; lane++) {
      let node = roots[group * LANES + lane]!;
      let below = next[node]!;
      while (below !== node) {
        node = (below + +(work[slots[node]!]! > thresholds[node]!)) | 0;
        below = next[node]!;
      }
      found[lane] = node;
    }
  }
}
