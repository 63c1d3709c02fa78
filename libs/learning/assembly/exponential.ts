/** e^x of two doubles, arguments clamped to +-700: x = k ln 2 + r, then a Taylor polynomial of degree 12 in r. */
export function expPair(x: v128): v128 {
  x = f64x2.min(f64x2.max(x, f64x2.splat(-700)), f64x2.splat(700));
  const k = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)));
  let r = f64x2.sub(x, f64x2.mul(k, f64x2.splat(0.6931471803691238)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)));
  let y = f64x2.splat(2.08767569878681e-9);
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(2.505210838544172e-8));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(2.755731922398589e-7));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(2.7557319223985893e-6));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(2.48015873015873e-5));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1.984126984126984e-4));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1.388888888888889e-3));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(8.333333333333333e-3));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(4.1666666666666664e-2));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(0.16666666666666666));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(0.5));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1));
  // 2^k: adding 1023 + 2^52 leaves the biased exponent in the low bits of the double.
  const biased = f64x2.add(k, f64x2.splat(4503599627371519));
  return f64x2.mul(y, i64x2.shl(biased, 52));
}
