import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Random } from '../../random/random';
import type { Kernel } from './kernel';
import { kernelWasm } from './kernel-wasm';
import { createReferenceKernel } from './reference-kernel';
import { createWasmKernel } from './wasm-kernel';

const SIZE = 1 << 17;
const kernels = (): [Kernel, Kernel] => [createWasmKernel(SIZE), createReferenceKernel(SIZE)];

/** Runs the same on both kernels over the same random bytes and compares the whole of their memories. */
function compare(
  run: (kernel: Kernel, at: (bytes: number) => number) => unknown,
  prepare: (f64: Float64Array) => void,
) {
  const [one, other] = kernels();
  const results = [one, other].map((kernel) => {
    prepare(new Float64Array(kernel.buffer, 0, SIZE / 8));
    return run(kernel, (bytes) => kernel.alloc(bytes));
  });
  expect(results[0]).toEqual(results[1]);
  const memory = (kernel: Kernel): Uint8Array => new Uint8Array(kernel.buffer, 0, SIZE);
  expect(Buffer.compare(memory(one), memory(other))).toBe(0);
}

const doubles =
  (seed: number, scale = 1) =>
  (f64: Float64Array) => {
    const random = new Random(seed);
    for (let i = 0; i < f64.length; i++) f64[i] = random.normal() * scale;
  };

function rowList(kernel: Kernel, address: number, count: number): void {
  const random = new Random(5);
  const list = new Uint32Array(kernel.buffer, address, count);
  for (let i = 0; i < count; i++) list[i] = random.below(count);
}

// A busy machine is slow.
jest.setTimeout(60_000);

describe('the WebAssembly kernel', () => {
  it('is what its source compiles to', () => {
    const script = join(__dirname, '../../../tools/compile-kernel.mjs');
    const compiled = execFileSync(process.execPath, [script, '--stdout'], { maxBuffer: 1 << 24 }).toString();
    expect(compiled).toBe(kernelWasm);
  });

  it.each(['histogram', 'histogramOrdered'] as const)('%s gives the bits of the plain one', (name) => {
    compare((kernel, at) => {
      const [rows, gradients, group, hist] = [at(4000), at(16_000), at(4000), at(16_384)];
      rowList(kernel, rows, 1000);
      kernel[name](rows, 1000, gradients, group, hist);
    }, doubles(1));
  });

  it('histogramTwo gives the bits of the plain one', () => {
    compare((kernel, at) => {
      const [rows, gradients, group, other, hist] = [at(4000), at(16_000), at(4000), at(4000), at(32_768)];
      rowList(kernel, rows, 1000);
      kernel.histogramTwo(rows, 1000, gradients, group, other, hist);
    }, doubles(6));
  });

  it('gathers, subtracts, clears, partitions and adds alike', () => {
    compare((kernel, at) => {
      const [rows, gradients, ordered, column, table, scratch, scores] = [
        at(4000),
        at(16_000),
        at(16_000),
        at(4000),
        at(256),
        at(4000),
        at(8000),
      ];
      rowList(kernel, rows, 1000);
      kernel.gather(rows, 1000, gradients, ordered);
      kernel.subtract(gradients, ordered, 8000);
      kernel.clear(ordered, 160);
      new Uint8Array(kernel.buffer, table, 256).forEach((_, i, bytes) => {
        bytes[i] = i % 3 === 0 ? 1 : 0;
      });
      const left = kernel.partition(rows, 1000, column + 2, table, scratch);
      // What is left in scratch is nobody's.
      kernel.clear(scratch, 4000);
      kernel.addToRows(rows, left, 0.1, scores);
      expect(left).toBeGreaterThan(100);
      return left;
    }, doubles(2));
  });

  it.each([
    [-1, 0, 0],
    [40, 0, 0],
    [40, 1, 1],
    [-1, 1, -1],
  ])('finds the same split with missing bin %d, bounds %d, sign %d', (missing, bounded, monotone) => {
    compare((kernel, at) => {
      const [hist, out] = [at(4096), at(40)];
      const view = new Float64Array(kernel.buffer, hist, 512);
      let [g, h] = [0, 0];
      for (let bin = 0; bin < 41; bin++) {
        view[bin * 2 + 1] = Math.abs(view[bin * 2 + 1]!) + 0.1;
        if (bin === 40 && missing < 0) break;
        g += view[bin * 2]!;
        h += view[bin * 2 + 1]!;
      }
      kernel.bestSplit(hist, 40, missing, g, h, 0.1, 1, 2, bounded, monotone, -0.2, 0.3, out);
      const found = new Float64Array(kernel.buffer, out, 5);
      expect(found[1]).toBeGreaterThanOrEqual(0);
      return Array.from(found);
    }, doubles(3));
  });

  it('computes logistic gradients to the bit of the plain one, and to 1e-14 of Math.exp', () => {
    compare(
      (kernel, at) => {
        const [scores, targets, weights, gradients] = [at(8000), at(8000), at(8000), at(16_000)];
        kernel.logisticGradients(scores, targets, weights, gradients, 1000);
        const views = [scores, targets, weights].map(
          (address) => new Float64Array(kernel.buffer, address, 1000),
        );
        const pairs = new Float64Array(kernel.buffer, gradients, 2000);
        for (let i = 0; i < 1000; i++) {
          const p = 1 / (1 + Math.exp(-views[0]![i]!));
          expect(Math.abs(pairs[2 * i]! - (p - views[1]![i]!) * views[2]![i]!)).toBeLessThan(1e-11);
        }
      },
      doubles(4, 20),
    );
  });

  it('bins and sorts alike', () => {
    compare((kernel, at) => {
      const [values, scratch, bounds, counts, bins] = [at(8000), at(8000), at(2048), at(8192), at(4000)];
      new Float64Array(kernel.buffer, bounds, 256).sort().fill(Infinity, 255);
      const view = new Float64Array(kernel.buffer, values, 1000);
      view.set([NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 5e-324]);
      kernel.binValues(values, 1000, bounds, 255, bins);
      view[0] = 1;
      kernel.sortDoubles(values, 1000, scratch, counts);
      kernel.clear(scratch, 8000);
      kernel.clear(counts, 8192);
      expect(view.every((value, i) => i === 0 || value >= view[i - 1]!)).toBe(true);
    }, doubles(5));
  });

  it.each([
    [8, 8, 5, 0],
    [7, 12, 64, 1],
    [1, 4, 1, 1],
  ])('multiplies %d rows by %d columns over %d alike, add %d', (rows, columns, depth, add) => {
    compare((kernel, at) => {
      const [a, b, c] = [at(8000), at(8192), at(8000)];
      kernel.multiply(rows, columns, depth, a, depth * 8, 8, b, columns * 8, c, 128, add);
      // The first, transposed, without a copy.
      kernel.multiply(depth, columns, rows, a, 8, depth * 8, b, columns * 8, c + 2048, 96, add);
      kernel.transpose(rows, depth, a, depth * 8, c + 8192, 128);
    }, doubles(7));
  });

  it('rectifies, raises e and steps alike', () => {
    compare(
      (kernel, at) => {
        const [values, slopes, powers] = [at(800), at(800), at(800)];
        const adam = [at(800), at(800), at(800), at(800)] as const;
        new Float64Array(kernel.buffer, adam[3], 100).forEach((value, i, all) => {
          all[i] = Math.abs(value);
        });
        kernel.rectify(values, 800);
        kernel.slopesOfRectified(slopes, values, 800);
        kernel.exponentials(powers, 800);
        kernel.adam(...adam, 800, 64, 0.01, 0.001, 0.271, 0.002997);
      },
      doubles(8, 3),
    );
  });
});
