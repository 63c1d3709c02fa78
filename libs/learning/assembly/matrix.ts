// The inner loops of training networks, compiled into the module of kernel.ts. Matrices are doubles; all arguments named
// like places are byte addresses, all steps from one row to the next are bytes. WebAssembly's SIMD has no fused
// multiply-add, so each product is rounded before it is added, on every machine alike; each sum goes through `depth`
// in order. The plain twin is src/boosting/kernel/reference-matrix.ts.

import { expPair } from './exponential';

/**
 * c = a b, or c += a b with `add`: [rows, depth] times [depth, columns]. `aRow` and `aStep` are the bytes from one row
 * and one column of a to the next, so that a transposed matrix needs no copy. `columns` is a multiple of four.
 */
export function multiply(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  add: i32,
): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (let column = 0; column < columns; column += 4) {
      const offset = (column as usize) << 3;
      fourRows(depth, a, aRow, aStep, b + offset, bRow, c + offset, cRow, add);
    }
    a += aRow << 2;
    c += cRow << 2;
  }
  for (; row < rows; row++) {
    for (let column = 0; column < columns; column += 4) {
      const offset = (column as usize) << 3;
      oneRow(depth, a, aStep, b + offset, bRow, c + offset, add);
    }
    a += aRow;
    c += cRow;
  }
}

/** Sixteen sums side by side: four rows of four columns, two to a register. */
function fourRows(
  depth: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  add: i32,
): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s11 = f64x2.splat(0);
  let s20 = f64x2.splat(0);
  let s21 = f64x2.splat(0);
  let s30 = f64x2.splat(0);
  let s31 = f64x2.splat(0);
  if (add) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  let p0 = a;
  let p1 = a + aRow;
  let p2 = p1 + aRow;
  let p3 = p2 + aRow;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(p0);
    s00 = f64x2.add(s00, f64x2.mul(a0, b0));
    s01 = f64x2.add(s01, f64x2.mul(a0, b1));
    const a1 = v128.load64_splat(p1);
    s10 = f64x2.add(s10, f64x2.mul(a1, b0));
    s11 = f64x2.add(s11, f64x2.mul(a1, b1));
    const a2 = v128.load64_splat(p2);
    s20 = f64x2.add(s20, f64x2.mul(a2, b0));
    s21 = f64x2.add(s21, f64x2.mul(a2, b1));
    const a3 = v128.load64_splat(p3);
    s30 = f64x2.add(s30, f64x2.mul(a3, b0));
    s31 = f64x2.add(s31, f64x2.mul(a3, b1));
    b += bRow;
    p0 += aStep;
    p1 += aStep;
    p2 += aStep;
    p3 += aStep;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

function oneRow(depth: i32, a: usize, aStep: usize, b: usize, bRow: usize, c: usize, add: i32): void {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  if (add) {
    s0 = v128.load(c);
    s1 = v128.load(c, 16);
  }
  for (let k = 0; k < depth; k++) {
    const value = v128.load64_splat(a);
    s0 = f64x2.add(s0, f64x2.mul(value, v128.load(b)));
    s1 = f64x2.add(s1, f64x2.mul(value, v128.load(b, 16)));
    a += aStep;
    b += bRow;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

/** to = from transposed: [rows, columns] becomes [columns, rows]. */
export function transpose(
  rows: i32,
  columns: i32,
  from: usize,
  fromRow: usize,
  to: usize,
  toRow: usize,
): void {
  for (let row = 0; row < rows; row++) {
    let target = to + ((row as usize) << 3);
    for (let column = 0; column < columns; column++) {
      store<f64>(target, load<f64>(from + ((column as usize) << 3)));
      target += toRow;
    }
    from += fromRow;
  }
}

/** Negative doubles become 0. `bytes` is a multiple of 16, here and below. */
export function rectify(values: usize, bytes: usize): void {
  const zero = f64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(values + i, f64x2.max(v128.load(values + i), zero));
  }
}

/** Slopes become 0 where what `rectify` left is not above 0. */
export function slopesOfRectified(slopes: usize, rectified: usize, bytes: usize): void {
  const zero = f64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const active = f64x2.gt(v128.load(rectified + i), zero);
    v128.store(slopes + i, v128.and(v128.load(slopes + i), active));
  }
}

/** Doubles become e^x. */
export function exponentials(values: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(values + i, expPair(v128.load(values + i)));
}

/**
 * A step of Adam down `gradient` / rows + l2 x parameters; the gradient becomes 0. `meanShare` and `squareShare` are
 * what the moments' decays have forgotten of their start: 1 - decay^steps.
 */
export function adam(
  parameters: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  bytes: usize,
  rows: f64,
  l2: f64,
  learningRate: f64,
  meanShare: f64,
  squareShare: f64,
): void {
  const zero = f64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = v128.load(parameters + i);
    const sum = v128.load(gradient + i);
    const slope = f64x2.add(f64x2.div(sum, f64x2.splat(rows)), f64x2.mul(f64x2.splat(l2), value));
    const m = f64x2.add(f64x2.mul(f64x2.splat(0.9), v128.load(mean + i)), f64x2.mul(f64x2.splat(0.1), slope));
    const s = f64x2.add(
      f64x2.mul(f64x2.splat(0.999), v128.load(square + i)),
      f64x2.mul(f64x2.splat(0.001), f64x2.mul(slope, slope)),
    );
    const root = f64x2.add(f64x2.sqrt(f64x2.div(s, f64x2.splat(squareShare))), f64x2.splat(1e-8));
    const step = f64x2.div(f64x2.mul(f64x2.splat(learningRate), f64x2.div(m, f64x2.splat(meanShare))), root);
    v128.store(parameters + i, f64x2.sub(value, step));
    v128.store(mean + i, m);
    v128.store(square + i, s);
    v128.store(gradient + i, zero);
  }
}
