import { type BinnedData, groupsOf } from '../binning/binned-data';
import { aligned, HISTOGRAM_BYTES, type Kernel, type KernelFactory } from './kernel/kernel';

/** Where everything lies in the kernel's memory while a model is trained. Addresses in bytes. */
export interface TrainingMemory {
  readonly kernel: Kernel;
  readonly bins: number;
  /** Gradient and hessian of each row. */
  readonly gradients: number;
  /** Gradients in the order of a node's rows. */
  readonly ordered: number;
  /** The list of rows, partitioned by node. */
  readonly rows: number;
  readonly rowView: Uint32Array;
  readonly scratch: number;
  /** 256 bytes: which bins go left. */
  readonly table: number;
  readonly tableView: Uint8Array;
  /** Result of `bestSplit`. */
  readonly out: number;
  readonly outView: Float64Array;
  readonly histograms: number;
  readonly histogramBytes: number;
  readonly histogramView: Float64Array;
  /** Scores, output after output, each `stride` doubles. */
  readonly scores: number;
  readonly stride: number;
  readonly scoreView: Float64Array;
  readonly gradientView: Float64Array;
  readonly targets: number;
  readonly targetView: Float64Array;
  readonly weights: number;
  readonly weightView: Float64Array;
}

/** Lays out and fills the memory for training on `data`, with one histogram slot for each leaf. */
export function createTrainingMemory(
  data: BinnedData,
  outputs: number,
  slots: number,
  create: KernelFactory,
): TrainingMemory {
  const stride = data.rows + (data.rows & 1);
  const histogramBytes = groupsOf(data.mappers.length) * 4 * HISTOGRAM_BYTES;
  const sizes = {
    bins: data.bins.length,
    gradients: stride * 16,
    ordered: stride * 16,
    rows: stride * 4,
    scratch: stride * 4,
    table: 256,
    out: 40,
    histograms: histogramBytes * slots,
    scores: stride * 8 * outputs,
    targets: stride * 8,
    weights: stride * 8,
  };
  const kernel = create(Object.values(sizes).reduce((sum, bytes) => sum + aligned(bytes), 0));
  const at = Object.fromEntries(
    Object.entries(sizes).map(([name, bytes]) => [name, kernel.alloc(bytes)]),
  ) as Record<keyof typeof sizes, number>;
  const { buffer } = kernel;
  new Uint8Array(buffer, at.bins, sizes.bins).set(data.bins);
  return {
    kernel,
    ...at,
    stride,
    histogramBytes,
    rowView: new Uint32Array(buffer, at.rows, stride),
    tableView: new Uint8Array(buffer, at.table, 256),
    outView: new Float64Array(buffer, at.out, 5),
    histogramView: new Float64Array(buffer, at.histograms, sizes.histograms / 8),
    scoreView: new Float64Array(buffer, at.scores, stride * outputs),
    gradientView: new Float64Array(buffer, at.gradients, stride * 2),
    targetView: new Float64Array(buffer, at.targets, stride),
    weightView: new Float64Array(buffer, at.weights, stride),
  };
}

/** Writes into `table` which bins of a feature go left in a split. */
export function writeSplitTable(
  table: Uint8Array,
  values: number,
  split: { bin: number; categories: readonly number[] | null; missingLeft: boolean },
): void {
  table.fill(0);
  if (split.categories) for (const bin of split.categories) table[bin] = 1;
  else table.fill(1, 0, Math.min(split.bin + 1, values));
  table[values] = split.missingLeft ? 1 : 0;
}
