import { createWasmKernel } from '../boosting/kernel/wasm-kernel';
import type { Kernel } from '../boosting/kernel/kernel';

const CHUNK = 65536;

/**
 * Sorts and bins columns chunk by chunk in a small memory of its own, so that no second copy of the data in doubles
 * is held.
 */
export class Binner {
  private readonly kernel: Kernel;
  private readonly values: number;
  private readonly scratch: number;
  private readonly bounds: number;
  private readonly counts: number;

  constructor(
    /** Most values that `sort` takes. */
    private readonly most: number,
    create = createWasmKernel,
  ) {
    const room = Math.max(most, CHUNK) * 8;
    this.kernel = create(2 * room + 2048 + 8192 + 64);
    this.values = this.kernel.alloc(room);
    this.scratch = this.kernel.alloc(room);
    this.bounds = this.kernel.alloc(2048);
    this.counts = this.kernel.alloc(8192);
  }

  /** A sorted copy of values without NaN; -0 comes before 0. */
  sort(values: Float64Array): Float64Array {
    if (values.length > this.most) throw new RangeError('More values than the binner has room for.');
    const view = new Float64Array(this.kernel.buffer, this.values, values.length);
    view.set(values);
    this.kernel.sortDoubles(this.values, values.length, this.scratch, this.counts);
    return view.slice();
  }

  /** Writes the bin of each value to out[offset + 4 i]. `missing` is the bin of NaN. */
  bin(values: Float64Array, upper: Float64Array, missing: number, out: Uint8Array, offset: number): void {
    const bounds = new Float64Array(this.kernel.buffer, this.bounds, 256).fill(Infinity);
    bounds.set(upper);
    for (let from = 0; from < values.length; from += CHUNK) {
      const count = Math.min(CHUNK, values.length - from);
      const view = new Float64Array(this.kernel.buffer, this.values, count);
      view.set(values.subarray(from, from + count));
      this.kernel.binValues(this.values, count, this.bounds, missing, this.scratch);
      const bins = new Uint8Array(this.kernel.buffer, this.scratch, count * 4);
      let at = offset + from * 4;
      for (let i = 0; i < count * 4; i += 4, at += 4) out[at] = bins[i]!;
    }
  }
}
