import type { BinMapper } from '../binning/bin-mapper';
import type { GrownLeaf, GrownNode } from './grown-tree';
import {
  type FindsSplits,
  type GrowthParameters,
  type NodeSums,
  slotsOf,
  type Split,
} from './growth-parameters';
import { HISTOGRAM_BYTES } from './kernel/kernel';
import { leafValue, SplitFinder } from './split-finder';
import { type TrainingMemory, writeSplitTable } from './training-memory';

interface OpenLeaf extends GrownLeaf, NodeSums {
  readonly depth: number;
  slot: number;
  split: Split | null;
}

/** Rows from which gradients are first put into the order of the rows, if there are many features to pass over. */
const ORDER_FROM_GROUPS = 3;

/** Grows one tree after another over the same memory, from the gradients that stand there. */
export class TreeGrower {
  private readonly finder: FindsSplits;
  private readonly rowCount: number;
  private free: number[] = [];
  private nodes: GrownNode[] = [];
  private features: Int32Array = new Int32Array(0);
  private groups: readonly number[] = [];

  constructor(
    private readonly memory: TrainingMemory,
    rowCount: number,
    private readonly mappers: readonly BinMapper[],
    private readonly params: GrowthParameters,
    /** Sample weights, for the weighted count of rows; null counts each row as 1. */
    private readonly weights: Float64Array | null,
    finder?: FindsSplits,
  ) {
    this.finder = finder ?? new SplitFinder(memory, mappers, params);
    this.rowCount = rowCount;
  }

  /**
   * Grows a tree on the first `count` rows of the row list, over the given features (ascending). The list is left
   * partitioned by leaf. Leaf values are not yet multiplied by the learning rate.
   */
  grow(count: number, features: Int32Array): { nodes: GrownNode[]; leaves: GrownLeaf[] } {
    this.features = features;
    this.groups = [...new Set(Array.from(features, (f) => f >> 2))];
    this.free = Array.from({ length: slotsOf(this.params, this.rowCount) }, (_, i) => i);
    this.nodes = [];
    const leaves = [this.root(count)];
    if (this.params.growth === 'smallest') this.growSmallest(leaves);
    else this.growBest(leaves);
    return { nodes: this.nodes, leaves };
  }

  private growBest(leaves: OpenLeaf[]): void {
    while (leaves.length < this.params.maxLeaves) {
      const at = this.next(leaves);
      if (at < 0) break;
      const last = leaves.length + 1 >= this.params.maxLeaves;
      const [left, right] = this.split(leaves[at]!, last);
      leaves[at] = left;
      leaves.push(right);
    }
  }

  /** The smaller child first, so that at most log2(rows) histograms wait. */
  private growSmallest(leaves: OpenLeaf[]): void {
    const stack = [0];
    while (stack.length > 0 && leaves.length < this.params.maxLeaves) {
      const at = stack.pop()!;
      if (!leaves[at]!.split) continue;
      const [left, right] = this.split(leaves[at]!, false);
      leaves[at] = left;
      leaves.push(right);
      const last = leaves.length - 1;
      stack.push(...(left.count <= right.count ? [last, at] : [at, last]));
    }
  }

  private root(count: number): OpenLeaf {
    const { gradientView, rowView } = this.memory;
    let sumG = 0;
    let sumH = 0;
    for (let i = 0; i < count; i++) {
      const at = rowView[i]! * 2;
      sumG += gradientView[at]!;
      sumH += gradientView[at + 1]!;
    }
    const bounds = { lower: -Infinity, upper: Infinity };
    const leaf = this.leaf(0, count, sumG, sumH, 0, bounds);
    if (this.splittable(leaf)) {
      leaf.slot = this.free.pop()!;
      this.build(leaf);
      this.search(leaf);
    }
    return leaf;
  }

  /** The place of the leaf to split next: largest gain, or in depth-wise growth the shallowest level first. */
  private next(leaves: readonly OpenLeaf[]): number {
    let best = -1;
    for (let i = 0; i < leaves.length; i++) {
      const leaf = leaves[i]!;
      if (!leaf.split) continue;
      const rival = leaves[best];
      if (!rival || this.before(leaf, rival)) best = i;
    }
    return best;
  }

  private before(leaf: OpenLeaf, rival: OpenLeaf): boolean {
    if (this.params.growth === 'depth' && leaf.depth !== rival.depth) return leaf.depth < rival.depth;
    if (leaf.split!.gain !== rival.split!.gain) return leaf.split!.gain > rival.split!.gain;
    return leaf.node < rival.node;
  }

  private split(parent: OpenLeaf, last: boolean): [OpenLeaf, OpenLeaf] {
    const split = parent.split!;
    const { kernel, rows, scratch, table, tableView, bins } = this.memory;
    writeSplitTable(tableView, this.mappers[split.feature]!.values, split);
    const column = bins + (split.feature >> 2) * this.rowCount * 4 + (split.feature & 3);
    const leftCount = kernel.partition(rows + parent.start * 4, parent.count, column, table, scratch);
    const [left, right] = this.children(parent, split, leftCount);
    const node = this.nodes[parent.node]!;
    Object.assign(node, { ...split, left: left.node, right: right.node, value: 0 });
    if (!last) this.prepare(parent, left, right);
    return [left, right];
  }

  private children(parent: OpenLeaf, split: Split, leftCount: number): [OpenLeaf, OpenLeaf] {
    const rightG = parent.sumG - split.leftG;
    const rightH = parent.sumH - split.leftH;
    const bounds = this.childBounds(parent, split, rightG, rightH);
    const { start, count } = parent;
    const depth = parent.depth + 1;
    return [
      this.leaf(start, leftCount, split.leftG, split.leftH, depth, bounds[0]),
      this.leaf(start + leftCount, count - leftCount, rightG, rightH, depth, bounds[1]),
    ];
  }

  /** After a split on a constrained feature, no value below may cross the middle of the two children's values. */
  private childBounds(parent: OpenLeaf, split: Split, rightG: number, rightH: number) {
    const same = { lower: parent.lower, upper: parent.upper };
    const sign = this.params.monotone?.[split.feature] ?? 0;
    if (sign === 0) return [same, same] as const;
    const left = leafValue({ ...parent, sumG: split.leftG, sumH: split.leftH }, this.params);
    const right = leafValue({ ...parent, sumG: rightG, sumH: rightH }, this.params);
    const middle = (left + right) / 2;
    const low = { lower: parent.lower, upper: middle };
    const high = { lower: middle, upper: parent.upper };
    return sign > 0 ? ([low, high] as const) : ([high, low] as const);
  }

  private leaf(
    start: number,
    count: number,
    sumG: number,
    sumH: number,
    depth: number,
    bounds: { lower: number; upper: number },
  ): OpenLeaf {
    const node = this.nodes.length;
    const rowsPerH = this.weightOf(start, count) / sumH;
    const leaf = { node, start, count, sumG, sumH, rowsPerH, depth, ...bounds, slot: -1, split: null };
    this.nodes.push({
      feature: -1,
      bin: -1,
      categories: null,
      missingLeft: false,
      left: -1,
      right: -1,
      value: leafValue(leaf, this.params),
      cover: sumH,
      gain: 0,
    });
    return leaf;
  }

  private weightOf(start: number, count: number): number {
    if (!this.weights) return count;
    let sum = 0;
    for (let i = start; i < start + count; i++) sum += this.weights[this.memory.rowView[i]!]!;
    return sum;
  }

  private splittable(leaf: OpenLeaf): boolean {
    const { maxDepth, minChildSamples, minChildWeight } = this.params;
    if (maxDepth > 0 && leaf.depth >= maxDepth) return false;
    if (leaf.count < 2 || leaf.sumH < 2 * minChildWeight) return false;
    return leaf.rowsPerH * leaf.sumH >= 2 * minChildSamples * (1 - 1e-12);
  }

  /** Histograms of the children: the smaller one is summed up, the larger one is the parent's less the smaller's. */
  private prepare(parent: OpenLeaf, left: OpenLeaf, right: OpenLeaf): void {
    const [small, large] = left.count <= right.count ? [left, right] : [right, left];
    const wanted = [small, large].filter((leaf) => this.splittable(leaf));
    if (wanted.length === 0) {
      this.free.push(parent.slot);
      return;
    }
    small.slot = this.free.pop()!;
    this.build(small);
    large.slot = parent.slot;
    if (wanted.includes(large)) {
      for (const group of this.groups) {
        const size = 4 * HISTOGRAM_BYTES;
        this.memory.kernel.subtract(this.slot(large) + group * size, this.slot(small) + group * size, size);
      }
    }
    for (const leaf of [small, large]) {
      if (wanted.includes(leaf)) this.search(leaf);
      else this.release(leaf);
    }
  }

  private search(leaf: OpenLeaf): void {
    leaf.split = this.finder.find(this.slot(leaf), leaf, this.features);
    if (!leaf.split) this.release(leaf);
  }

  private release(leaf: OpenLeaf): void {
    this.free.push(leaf.slot);
    leaf.slot = -1;
  }

  private build(leaf: OpenLeaf): void {
    const { kernel, rows, gradients, ordered, bins } = this.memory;
    const list = rows + leaf.start * 4;
    const order = this.groups.length >= ORDER_FROM_GROUPS;
    const two = this.groups.length === 2 && this.groups[1] === this.groups[0]! + 1;
    const size = 4 * HISTOGRAM_BYTES;
    const wordsOf = (group: number): number => bins + group * this.rowCount * 4;
    if (order) kernel.gather(list, leaf.count, gradients, ordered);
    for (const group of this.groups) kernel.clear(this.slot(leaf) + group * size, size);
    if (two) {
      const [group, other] = this.groups as [number, number];
      const hist = this.slot(leaf) + group * size;
      kernel.histogramTwo(list, leaf.count, gradients, wordsOf(group), wordsOf(other), hist);
      return;
    }
    for (const group of this.groups) {
      const hist = this.slot(leaf) + group * size;
      if (order) kernel.histogramOrdered(list, leaf.count, ordered, wordsOf(group), hist);
      else kernel.histogram(list, leaf.count, gradients, wordsOf(group), hist);
    }
  }

  private slot(leaf: OpenLeaf): number {
    return this.memory.histograms + leaf.slot * this.memory.histogramBytes;
  }
}
