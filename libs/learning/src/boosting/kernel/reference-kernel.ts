import { allocator, type Kernel, type KernelFunctions } from './kernel';
import { binValues, logisticGradients, sortDoubles } from './reference-doubles';
import { matrixFunctionsOver } from './reference-matrix';
import { bestSplit } from './reference-split';

/** The views of a kernel's memory. */
export interface Views {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
}

/** The kernel in plain TypeScript: slower, with the same sums in the same order, bit for bit. */
export function createReferenceKernel(bytes: number): Kernel {
  const buffer = new ArrayBuffer(bytes + 16);
  const views = {
    u8: new Uint8Array(buffer),
    u32: new Uint32Array(buffer, 0, buffer.byteLength >> 2),
    f64: new Float64Array(buffer, 0, buffer.byteLength >> 3),
  };
  return {
    ...functionsOver(views),
    ...matrixFunctionsOver(views.f64),
    buffer,
    alloc: allocator(buffer.byteLength),
  };
}

function functionsOver(views: Views): KernelFunctions {
  const { u8, u32, f64 } = views;
  const addPair = (hist: number, row: number, group: number, g: number, h: number): void => {
    for (let k = 0; k < 4; k++) {
      const at = (hist + k * 4096 + u8[group + row * 4 + k]! * 16) >> 3;
      f64[at]! += g;
      f64[at + 1]! += h;
    }
  };
  return {
    histogram(rows, count, gradients, group, hist) {
      for (let i = 0; i < count; i++) {
        const row = u32[(rows >> 2) + i]!;
        const at = (gradients >> 3) + row * 2;
        addPair(hist, row, group, f64[at]!, f64[at + 1]!);
      }
    },
    histogramTwo(rows, count, gradients, group, other, hist) {
      for (let i = 0; i < count; i++) {
        const row = u32[(rows >> 2) + i]!;
        const at = (gradients >> 3) + row * 2;
        addPair(hist, row, group, f64[at]!, f64[at + 1]!);
        addPair(hist + 16_384, row, other, f64[at]!, f64[at + 1]!);
      }
    },
    histogramOrdered(rows, count, ordered, group, hist) {
      for (let i = 0; i < count; i++) {
        const at = (ordered >> 3) + i * 2;
        addPair(hist, u32[(rows >> 2) + i]!, group, f64[at]!, f64[at + 1]!);
      }
    },
    gather(rows, count, gradients, ordered) {
      for (let i = 0; i < count; i++) {
        const at = (gradients >> 3) + u32[(rows >> 2) + i]! * 2;
        f64.copyWithin((ordered >> 3) + i * 2, at, at + 2);
      }
    },
    subtract(hist, other, bytes) {
      for (let i = 0; i < bytes >> 3; i++) f64[(hist >> 3) + i]! -= f64[(other >> 3) + i]!;
    },
    clear(address, bytes) {
      u8.fill(0, address, address + bytes);
    },
    partition(rows, count, column, table) {
      const list = u32.slice(rows >> 2, (rows >> 2) + count);
      const goesLeft = (row: number): boolean => u8[table + u8[column + row * 4]!] === 1;
      const left = list.filter(goesLeft);
      u32.set(left, rows >> 2);
      u32.set(
        list.filter((row) => !goesLeft(row)),
        (rows >> 2) + left.length,
      );
      return left.length;
    },
    addToRows(rows, count, value, scores) {
      for (let i = 0; i < count; i++) f64[(scores >> 3) + u32[(rows >> 2) + i]!]! += value;
    },
    bestSplit: (...args) => bestSplit(f64, ...args),
    logisticGradients: (...args) => logisticGradients(f64, ...args),
    binValues: (...args) => binValues(views, ...args),
    sortDoubles: (values, count) => sortDoubles(f64, values, count),
  };
}
