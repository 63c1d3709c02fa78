/** `logisticGradients` of assembly/kernel.ts in plain TypeScript. */
export function logisticGradients(
  f64: Float64Array,
  scores: number,
  targets: number,
  weights: number,
  gradients: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const p = 1 / (1 + exponential(-f64[(scores >> 3) + i]!));
    const w = weights === 0 ? 1 : f64[(weights >> 3) + i]!;
    f64[(gradients >> 3) + 2 * i] = (p - f64[(targets >> 3) + i]!) * w;
    f64[(gradients >> 3) + 2 * i + 1] = Math.max(p * (1 - p), 1e-16) * w;
  }
}

const COEFFICIENTS = [
  2.505210838544172e-8, 2.755731922398589e-7, 2.7557319223985893e-6, 2.48015873015873e-5,
  1.984126984126984e-4, 1.388888888888889e-3, 8.333333333333333e-3, 4.1666666666666664e-2,
  0.16666666666666666, 0.5, 1, 1,
];

/** e^x by the kernel's polynomial, so that both kernels give the same bits. */
export function exponential(argument: number): number {
  const x = Math.min(Math.max(argument, -700), 700);
  const scaled = x * 1.4426950408889634;
  const k = scaled + 6755399441055744 - 6755399441055744;
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  let y = 2.08767569878681e-9;
  for (const coefficient of COEFFICIENTS) y = y * r + coefficient;
  return y * 2 ** k;
}

/** `binValues` of assembly/kernel.ts in plain TypeScript. */
export function binValues(
  { u8, f64 }: { u8: Uint8Array; f64: Float64Array },
  values: number,
  count: number,
  bounds: number,
  missing: number,
  out: number,
): void {
  for (let i = 0; i < count; i++) {
    const value = f64[(values >> 3) + i]!;
    let bin = 0;
    for (let step = 128; step > 0; step >>= 1) {
      if (value > f64[(bounds >> 3) + bin + step - 1]!) bin += step;
    }
    u8[out + 4 * i] = Number.isNaN(value) ? missing : bin;
  }
}

/** `sortDoubles` of assembly/kernel.ts in plain TypeScript. */
export function sortDoubles(f64: Float64Array, values: number, count: number): void {
  f64.subarray(values >> 3, (values >> 3) + count).sort();
}
