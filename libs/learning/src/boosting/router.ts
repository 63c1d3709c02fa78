import type { BinnedData } from '../binning/binned-data';
import type { GrownNode } from './grown-tree';
import { aligned, type KernelFactory } from './kernel/kernel';
import type { Kernel } from './kernel/kernel';
import { writeSplitTable } from './training-memory';

/** Sends binned rows down grown trees and adds the leaves' values to their scores: for rows outside of training. */
export class Router {
  private readonly kernel: Kernel;
  private readonly bins: number;
  private readonly rows: number;
  private readonly scratch: number;
  private readonly table: number;
  private readonly tableView: Uint8Array;
  private readonly rowView: Uint32Array;
  readonly scores: Float64Array;
  private readonly scoresAt: number;

  /** `scores` start as given (output after output, `data.rows` each). */
  constructor(
    private readonly data: BinnedData,
    scores: Float64Array,
    create: KernelFactory,
  ) {
    const sizes = [data.bins.length, data.rows * 4, data.rows * 4, 256, scores.length * 8];
    this.kernel = create(sizes.reduce((sum, size) => sum + aligned(size), 0));
    const [bins, rows, scratch, table, at] = sizes.map((size) => this.kernel.alloc(size));
    this.bins = bins!;
    this.rows = rows!;
    this.scratch = scratch!;
    this.table = table!;
    this.scoresAt = at!;
    const { buffer } = this.kernel;
    new Uint8Array(buffer, this.bins, data.bins.length).set(data.bins);
    this.tableView = new Uint8Array(buffer, this.table, 256);
    this.rowView = new Uint32Array(buffer, this.rows, data.rows);
    this.scores = new Float64Array(buffer, this.scoresAt, scores.length);
    this.scores.set(scores);
  }

  /** Adds a tree to the scores of an output, for all rows or for the listed ones. */
  add(nodes: readonly GrownNode[], output: number, listed?: Int32Array): void {
    const count = listed?.length ?? this.data.rows;
    if (listed) this.rowView.set(listed);
    else for (let i = 0; i < count; i++) this.rowView[i] = i;
    this.descend(nodes, 0, this.rows, count, this.scoresAt + output * this.data.rows * 8);
  }

  private descend(
    nodes: readonly GrownNode[],
    at: number,
    start: number,
    count: number,
    scores: number,
  ): void {
    const node = nodes[at]!;
    if (count === 0) return;
    if (node.left < 0) {
      this.kernel.addToRows(start, count, node.value, scores);
      return;
    }
    writeSplitTable(this.tableView, this.data.mappers[node.feature]!.values, node);
    const column = this.bins + (node.feature >> 2) * this.data.rows * 4 + (node.feature & 3);
    const left = this.kernel.partition(start, count, column, this.table, this.scratch);
    this.descend(nodes, node.left, start, left, scores);
    this.descend(nodes, node.right, start + left * 4, count - left, scores);
  }
}
