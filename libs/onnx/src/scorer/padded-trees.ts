import type { TreeEnsemble } from '@steward/learning';

import { LANES, type LeafFinder } from './leaf-finder';
import type { WorkRowPlan } from './work-row';

/**
 * Trees padded to complete ones, in each group to the depth of its deepest tree, and walked without a branch: at
 * each step `i = 2i + (value > threshold)`, the root being 1. Padding takes 2^depth places per tree, so this suits
 * shallow trees. (A boolean turned into a number by unary plus compiles to a set-on-compare; `? 1 : 0` to a branch
 * that is guessed wrong half of the time: measured 3.7 times slower.)
 */
export class PaddedTrees implements LeafFinder {
  readonly leafValues: Float64Array;
  readonly found = new Int32Array(LANES);
  private readonly slots: Int32Array;
  private readonly thresholds: Float64Array;
  private readonly depths: Int32Array;
  /** First place of each group; a tree takes 2^depth of them. */
  private readonly starts: Int32Array;

  constructor(
    private readonly ensemble: TreeEnsemble,
    plan: WorkRowPlan,
    private readonly stride: number,
    treeDepths: readonly number[],
  ) {
    const groups = Math.ceil(treeDepths.length / LANES);
    this.depths = new Int32Array(groups);
    this.starts = new Int32Array(groups);
    let places = 0;
    for (let group = 0; group < groups; group++) {
      this.depths[group] = Math.max(...treeDepths.slice(group * LANES, (group + 1) * LANES));
      this.starts[group] = places;
      places += LANES << this.depths[group]!;
    }
    this.slots = new Int32Array(places);
    this.thresholds = new Float64Array(places).fill(Infinity);
    this.leafValues = new Float64Array(places * stride);
    ensemble.roots.forEach((root, tree) => {
      const group = Math.floor(tree / LANES);
      const depth = this.depths[group]!;
      const start = this.starts[group]! + ((tree % LANES) << depth);
      this.place(plan, root, { start, depth, index: 1, level: 0 });
    });
  }

  /** Copies the part of a tree below `node` to the heap index; a leaf above the last level fills all below it. */
  private place(
    plan: WorkRowPlan,
    node: number,
    at: { start: number; depth: number; index: number; level: number },
  ): void {
    const { left, right } = this.ensemble;
    if (left[node]! < 0) return this.placeLeaf(node, at);
    const { slot, threshold } = plan.comparison(node);
    this.slots[at.start + at.index] = slot;
    this.thresholds[at.start + at.index] = threshold;
    const below = { ...at, level: at.level + 1, index: at.index * 2 };
    this.place(plan, left[node]!, below);
    this.place(plan, right[node]!, { ...below, index: below.index + 1 });
  }

  private placeLeaf(node: number, at: { start: number; depth: number; index: number; level: number }): void {
    const { stride } = this;
    const values = this.ensemble.leafValues.subarray(node * stride, (node + 1) * stride);
    const span = 1 << (at.depth - at.level);
    const first = at.start + at.index * span - (1 << at.depth);
    for (let leaf = first; leaf < first + span; leaf++) this.leafValues.set(values, leaf * stride);
  }

  find(group: number, work: Float64Array): void {
    const { slots, thresholds, found } = this;
    const depth = this.depths[group]!;
    const leaves = 1 << depth;
    const s0 = this.starts[group]!;
    const s1 = s0 + leaves;
    const s2 = s1 + leaves;
    const s3 = s2 + leaves;
    let i0 = 1;
    let i1 = 1;
    let i2 = 1;
    let i3 = 1;
    for (let level = 0; level < depth; level++) {
      i0 = (i0 << 1) | +(work[slots[s0 + i0]!]! > thresholds[s0 + i0]!);
      i1 = (i1 << 1) | +(work[slots[s1 + i1]!]! > thresholds[s1 + i1]!);
      i2 = (i2 << 1) | +(work[slots[s2 + i2]!]! > thresholds[s2 + i2]!);
      i3 = (i3 << 1) | +(work[slots[s3 + i3]!]! > thresholds[s3 + i3]!);
    }
    found[0] = s0 + i0 - leaves;
    found[1] = s1 + i1 - leaves;
    found[2] = s2 + i2 - leaves;
    found[3] = s3 + i3 - leaves;
  }
}
