/**
 * The inner loops over one block of memory. All arguments named like places are byte addresses in `memory`; see
 * assembly/kernel.ts for what each function does and for the layout of bins, gradients and histograms.
 */
export interface KernelFunctions {
  histogram(rows: number, count: number, gradients: number, group: number, hist: number): void;
  histogramTwo(
    rows: number,
    count: number,
    gradients: number,
    group: number,
    other: number,
    hist: number,
  ): void;
  histogramOrdered(rows: number, count: number, ordered: number, group: number, hist: number): void;
  gather(rows: number, count: number, gradients: number, ordered: number): void;
  subtract(hist: number, other: number, bytes: number): void;
  clear(address: number, bytes: number): void;
  partition(rows: number, count: number, column: number, table: number, scratch: number): number;
  addToRows(rows: number, count: number, value: number, scores: number): void;
  bestSplit(
    hist: number,
    bins: number,
    missing: number,
    sumG: number,
    sumH: number,
    l1: number,
    l2: number,
    minH: number,
    bounded: number,
    monotone: number,
    lower: number,
    upper: number,
    out: number,
  ): void;
  logisticGradients(scores: number, targets: number, weights: number, gradients: number, count: number): void;
  binValues(values: number, count: number, bounds: number, missing: number, out: number): void;
  sortDoubles(values: number, count: number, scratch: number, counts: number): void;
}

/** The loops of networks over the same memory; see assembly/matrix.ts. */
export interface MatrixFunctions {
  multiply(
    rows: number,
    columns: number,
    depth: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
    add: number,
  ): void;
  transpose(rows: number, columns: number, from: number, fromRow: number, to: number, toRow: number): void;
  rectify(values: number, bytes: number): void;
  slopesOfRectified(slopes: number, rectified: number, bytes: number): void;
  exponentials(values: number, bytes: number): void;
  adam(
    parameters: number,
    gradient: number,
    mean: number,
    square: number,
    bytes: number,
    rows: number,
    l2: number,
    learningRate: number,
    meanShare: number,
    squareShare: number,
  ): void;
}

/** A kernel over its memory. `alloc` hands out zeroed pieces, 16-byte aligned, and never takes them back. */
export interface Kernel extends KernelFunctions, MatrixFunctions {
  readonly buffer: ArrayBuffer;
  alloc(bytes: number): number;
}

/** Makes a kernel with room for `bytes` in all, each piece rounded up to 16. */
export type KernelFactory = (bytes: number) => Kernel;

/** Bytes of the histogram of one feature. */
export const HISTOGRAM_BYTES = 4096;

/** The size that a piece of memory takes in a kernel. */
export const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** The `alloc` of a kernel: pieces one after another, from address 16 on, so that 0 can mean "none". */
export function allocator(size: number): (bytes: number) => number {
  let next = 16;
  return (bytes) => {
    const address = next;
    next += aligned(bytes);
    if (next > size) throw new RangeError('The kernel memory is too small for what was planned.');
    return address;
  };
}
