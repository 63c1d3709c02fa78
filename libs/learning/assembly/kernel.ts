// The inner loops of binning and tree growing, in AssemblyScript (a TypeScript dialect that compiles to WebAssembly).
// All arguments are byte addresses within one memory or plain numbers; nothing is allocated here. The plain
// TypeScript twin, src/boosting/kernel/reference-kernel.ts, does the same additions in the same order and is the
// oracle of the tests. `node libs/learning/tools/compile-kernel.mjs` compiles this file into src/boosting/kernel/kernel-wasm.ts.
//
// Layout: the bins of four features stand side by side as one 32-bit word for each row (a "group"), gradient and
// hessian of a row as two doubles, and a histogram as 256 such pairs for each feature (4096 bytes).

import { expPair } from './exponential';

// What networks need stands in a file of its own and is compiled into the same module.
export { adam, exponentials, multiply, rectify, slopesOfRectified, transpose } from './matrix';

/** Adds the gradient pairs of the listed rows to the four histograms of a group. */
export function histogram(rows: usize, count: usize, gradients: usize, group: usize, hist: usize): void {
  const end = rows + (count << 2);
  for (let p = rows; p < end; p += 4) {
    const row = load<u32>(p) as usize;
    add(hist, load<u32>(group + (row << 2)), v128.load(gradients + (row << 4)));
  }
}

/** The same for two groups at once, whose histograms stand one after the other: rows are read once. */
export function histogramTwo(
  rows: usize,
  count: usize,
  gradients: usize,
  group: usize,
  other: usize,
  hist: usize,
): void {
  const end = rows + (count << 2);
  for (let p = rows; p < end; p += 4) {
    const row = load<u32>(p) as usize;
    const pair = v128.load(gradients + (row << 4));
    add(hist, load<u32>(group + (row << 2)), pair);
    add(hist + 16384, load<u32>(other + (row << 2)), pair);
  }
}

/** The same with the gradients already in the order of the list. */
export function histogramOrdered(rows: usize, count: usize, ordered: usize, group: usize, hist: usize): void {
  const end = rows + (count << 2);
  for (let p = rows, q = ordered; p < end; p += 4, q += 16) {
    const row = load<u32>(p) as usize;
    add(hist, load<u32>(group + (row << 2)), v128.load(q));
  }
}

function add(hist: usize, bins: u32, pair: v128): void {
  const a = hist + (((bins & 255) as usize) << 4);
  v128.store(a, f64x2.add(v128.load(a), pair));
  const b = hist + ((((bins >> 8) & 255) as usize) << 4);
  v128.store(b, f64x2.add(v128.load(b, 4096), pair), 4096);
  const c = hist + ((((bins >> 16) & 255) as usize) << 4);
  v128.store(c, f64x2.add(v128.load(c, 8192), pair), 8192);
  const d = hist + (((bins >> 24) as usize) << 4);
  v128.store(d, f64x2.add(v128.load(d, 12288), pair), 12288);
}

/** Copies the gradient pairs of the listed rows into the order of the list. */
export function gather(rows: usize, count: usize, gradients: usize, ordered: usize): void {
  const end = rows + (count << 2);
  for (let p = rows, q = ordered; p < end; p += 4, q += 16) {
    v128.store(q, v128.load(gradients + ((load<u32>(p) as usize) << 4)));
  }
}

/** hist = hist - other, pair by pair: the sibling's histogram from the parent's. */
export function subtract(hist: usize, other: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(hist + i, f64x2.sub(v128.load(hist + i), v128.load(other + i)));
  }
}

/** Sets bytes to zero. */
export function clear(address: usize, bytes: usize): void {
  memory.fill(address, 0, bytes);
}

/**
 * Stable partition of a row list by a table that holds 1 for each bin that goes left: left rows first, in their
 * order, then right rows. `column` is the address of the feature's byte in row 0. Returns the number of left rows.
 */
export function partition(rows: usize, count: usize, column: usize, table: usize, scratch: usize): i32 {
  const end = rows + (count << 2);
  let left = rows;
  let right = scratch;
  for (let p = rows; p < end; p += 4) {
    const row = load<u32>(p);
    const goes = load<u8>(table + (load<u8>(column + ((row as usize) << 2)) as usize)) as usize;
    store<u32>(left, row);
    store<u32>(right, row);
    left += goes << 2;
    right += (1 - goes) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return ((left - rows) >> 2) as i32;
}

/** Adds a leaf's value to the scores of its rows. */
export function addToRows(rows: usize, count: usize, value: f64, scores: usize): void {
  const end = rows + (count << 2);
  for (let p = rows; p < end; p += 4) {
    const address = scores + ((load<u32>(p) as usize) << 3);
    store<f64>(address, load<f64>(address) + value);
  }
}

/**
 * The best split of an ordered feature. Bins 0..bins-1 hold values in ascending order, `missing` is the bin of
 * missing values or -1. Writes to `out`: sum of the children's scores, bin (values up to it go left), 1 if missing
 * values go left, left gradient, left hessian; the first is -Infinity if no split is allowed. With `bounded` the
 * children's values are kept within [lower, upper] and in the order that `monotone` (1, 0, -1) asks.
 */
export function bestSplit(
  hist: usize,
  bins: i32,
  missing: i32,
  sumG: f64,
  sumH: f64,
  l1: f64,
  l2: f64,
  minH: f64,
  bounded: i32,
  monotone: i32,
  lower: f64,
  upper: f64,
  out: usize,
): void {
  let bestScore = -Infinity;
  let bestBin = -1;
  let bestMissing = 0;
  let bestG: f64 = 0;
  let bestH: f64 = 0;
  let missingG: f64 = 0;
  let missingH: f64 = 0;
  if (missing >= 0) {
    missingG = load<f64>(hist + ((missing as usize) << 4));
    missingH = load<f64>(hist + ((missing as usize) << 4), 8);
  }
  const passes = missingH > sumH * 1e-9 ? 2 : 1;
  for (let pass = 0; pass < passes; pass++) {
    let g: f64 = pass == 1 ? missingG : 0;
    let h: f64 = pass == 1 ? missingH : 0;
    const last = pass == 0 && passes == 2 ? bins : bins - 1;
    for (let bin = 0; bin < last; bin++) {
      g += load<f64>(hist + ((bin as usize) << 4));
      h += load<f64>(hist + ((bin as usize) << 4), 8);
      if (h < minH) continue;
      const rightH = sumH - h;
      if (rightH < minH) break;
      const rightG = sumG - g;
      let score: f64;
      if (bounded) {
        const wl = clamp(-shrink(g, l1) / (h + l2), lower, upper);
        const wr = clamp(-shrink(rightG, l1) / (rightH + l2), lower, upper);
        if ((monotone > 0 && wl > wr) || (monotone < 0 && wl < wr)) continue;
        score = scoreAt(shrink(g, l1), h + l2, wl) + scoreAt(shrink(rightG, l1), rightH + l2, wr);
      } else if (l1 > 0) {
        const gl = shrink(g, l1);
        const gr = shrink(rightG, l1);
        score = (gl * gl) / (h + l2) + (gr * gr) / (rightH + l2);
      } else {
        score = (g * g) / (h + l2) + (rightG * rightG) / (rightH + l2);
      }
      if (score > bestScore) {
        bestScore = score;
        bestBin = bin;
        bestMissing = pass;
        bestG = g;
        bestH = h;
      }
    }
  }
  store<f64>(out, bestScore);
  store<f64>(out, bestBin as f64, 8);
  store<f64>(out, bestMissing as f64, 16);
  store<f64>(out, bestG, 24);
  store<f64>(out, bestH, 32);
}

function shrink(g: f64, l1: f64): f64 {
  return g > l1 ? g - l1 : g < -l1 ? g + l1 : 0;
}

function clamp(value: f64, lower: f64, upper: f64): f64 {
  return value < lower ? lower : value > upper ? upper : value;
}

function scoreAt(g: f64, h: f64, value: f64): f64 {
  return -(2 * g * value + h * value * value);
}

/**
 * Logistic loss: gradient (p - y) w and hessian max(p (1 - p), 1e-16) w of rows 0..count-1, two rows at a time.
 * `weights` is 0 for none. `count` is even: the arrays are padded by one row.
 */
export function logisticGradients(
  scores: usize,
  targets: usize,
  weights: usize,
  gradients: usize,
  count: usize,
): void {
  const one = f64x2.splat(1);
  let w = one;
  for (let i: usize = 0; i < count << 3; i += 16) {
    const p = f64x2.div(one, f64x2.add(one, expPair(f64x2.neg(v128.load(scores + i)))));
    if (weights) w = v128.load(weights + i);
    const g = f64x2.mul(f64x2.sub(p, v128.load(targets + i)), w);
    const h = f64x2.mul(f64x2.max(f64x2.mul(p, f64x2.sub(one, p)), f64x2.splat(1e-16)), w);
    v128.store(gradients + (i << 1), v128.shuffle<f64>(g, h, 0, 2));
    v128.store(gradients + (i << 1), v128.shuffle<f64>(g, h, 1, 3), 16);
  }
}

/**
 * Bins of `count` doubles: the number of the 255 ascending `bounds` (padded with +Infinity) that are less than the
 * value, or `missing` for NaN. Writes one byte every four.
 */
export function binValues(values: usize, count: usize, bounds: usize, missing: i32, out: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const value = load<f64>(values + (i << 3));
    let at = bounds;
    for (let step: usize = 128 << 3; step >= 8; step >>= 1) {
      at = select(at + step, at, value > load<f64>(at + step - 8));
    }
    store<u8>(out + (i << 2), select(missing, ((at - bounds) >> 3) as i32, value != value) as u8);
  }
}

/** Sorts doubles without NaN ascending: radix sort, six passes of 11 bits. `counts` is 2048 words of scratch. */
export function sortDoubles(values: usize, count: usize, scratch: usize, counts: usize): void {
  const bytes = count << 3;
  for (let i: usize = 0; i < bytes; i += 8) {
    const bits = load<u64>(values + i);
    store<u64>(values + i, bits ^ ((<u64>((<i64>bits) >> 63)) | 0x8000000000000000));
  }
  let from = values;
  let to = scratch;
  for (let shift: u64 = 0; shift < 64; shift += 11) {
    memory.fill(counts, 0, 8192);
    for (let i: usize = 0; i < bytes; i += 8) {
      const slot = counts + ((((load<u64>(from + i) >> shift) & 2047) as usize) << 2);
      store<u32>(slot, load<u32>(slot) + 1);
    }
    let sum: u32 = 0;
    for (let slot: usize = counts; slot < counts + 8192; slot += 4) {
      const n = load<u32>(slot);
      store<u32>(slot, sum);
      sum += n;
    }
    for (let i: usize = 0; i < bytes; i += 8) {
      const key = load<u64>(from + i);
      const slot = counts + ((<usize>((key >> shift) & 2047)) << 2);
      const place = load<u32>(slot);
      store<u32>(slot, place + 1);
      store<u64>(to + ((place as usize) << 3), key);
    }
    const other = from;
    from = to;
    to = other;
  }
  // Six passes: the result is back in `values`.
  for (let i: usize = 0; i < bytes; i += 8) {
    const key = load<u64>(values + i);
    store<u64>(values + i, key ^ ((<u64>((<i64>(key ^ 0x8000000000000000)) >> 63)) | 0x8000000000000000));
  }
}
