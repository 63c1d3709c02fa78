const GRID = 1024;

/**
 * Finds bins fast: a grid of 1,024 equal cells over the edges' span says how many edges lie at or below a cell's start,
 * and at most the few edges inside the cell are compared. The same answer as `binOf`, always.
 */
export class BinLookup {
  readonly #edges: Float64Array;
  readonly #starts = new Int32Array(GRID);
  readonly #block: Int32Array;
  readonly #first: number;
  readonly #scale: number;

  constructor(edges: readonly number[]) {
    // The last edge stops every scan, so that none needs to look at its end.
    this.#edges = Float64Array.from([...edges, Infinity]);
    this.#block = new Int32Array(edges.length + 1);
    this.#first = edges[0] ?? 0;
    const span = (edges.at(-1) ?? 0) - this.#first;
    // The scale is 0 where the span is 0, overflows, or is too small to divide by: then every value scans from cell 0.
    const scale = GRID / span;
    this.#scale = span > 0 && Number.isFinite(span) && Number.isFinite(scale) ? scale : 0;
    // A value's cell never falls as the value grows, so a value in a later cell than an edge is not below that edge.
    for (const edge of edges)
      for (let cell = this.#cellOf(edge) + 1; cell < GRID; cell++) this.#starts[cell]!++;
  }

  /** Adds 1 to the bin of each of the first `length` numbers of a block, all finite. */
  count(block: Float64Array, length: number, counts: Float64Array): void {
    const edges = this.#edges;
    const starts = this.#starts;
    const first = this.#first;
    const scale = this.#scale;
    // Counted as integers first: their addition takes a quarter of the time, and equal bins wait for one another.
    const found = this.#block.fill(0);
    for (let i = 0; i < length; i++) {
      const value = block[i]!;
      let cell = (value - first) * scale;
      cell = cell < 0 ? 0 : cell > GRID - 1 ? GRID - 1 : cell;
      let bin = starts[cell | 0]!;
      while (edges[bin]! <= value) bin++;
      found[bin]!++;
    }
    for (let bin = 0; bin < found.length; bin++) counts[bin]! += found[bin]!;
  }

  /** The same arithmetic as in {@link count}. */
  #cellOf(value: number): number {
    const cell = (value - this.#first) * this.#scale;
    return cell < 0 ? 0 : cell > GRID - 1 ? GRID - 1 : cell | 0;
  }
}
