import { binOf } from './bin-edges';

const GRID = 256;

/**
 * Finds bins fast: a grid of 256 equal cells over the edges' span says how many edges lie at or below a cell's start,
 * and at most the few edges inside the cell are compared. The same answer as {@link binOf}, always.
 */
export class BinLookup {
  readonly #edges: Float64Array;
  readonly #starts = new Int32Array(GRID);
  readonly #first: number;
  readonly #scale: number;

  constructor(edges: readonly number[]) {
    this.#edges = Float64Array.from(edges);
    this.#first = edges[0] ?? 0;
    const span = (edges.at(-1) ?? 0) - this.#first;
    // The scale is 0 where the span is 0, overflows, or is too small to divide by: then every value scans from cell 0.
    const scale = GRID / span;
    this.#scale = span > 0 && Number.isFinite(span) && Number.isFinite(scale) ? scale : 0;
    for (let cell = 1; cell < GRID; cell++) {
      // Rounding may put a value that lies just below a cell's start into it, so the scan begins one cell earlier.
      const start = this.#scale === 0 ? -Infinity : this.#first + (cell - 1) / this.#scale;
      this.#starts[cell] = binOf(this.#edges, start);
    }
  }

  /** Adds 1 to the bin of each of the first `length` numbers of a block, none of which may be NaN. */
  count(block: Float64Array, length: number, counts: Float64Array): void {
    const edges = this.#edges;
    const starts = this.#starts;
    const first = this.#first;
    const scale = this.#scale;
    const edgeCount = edges.length;
    for (let i = 0; i < length; i++) {
      const value = block[i]!;
      let cell = (value - first) * scale;
      cell = cell < 0 ? 0 : cell > GRID - 1 ? GRID - 1 : cell;
      let bin = starts[cell | 0]!;
      while (bin < edgeCount && edges[bin]! <= value) bin++;
      counts[bin]! += 1;
    }
  }
}
