import type { KernelFunctions } from './kernel';

/** `bestSplit` of assembly/kernel.ts in plain TypeScript. */
export function bestSplit(f64: Float64Array, ...args: Parameters<KernelFunctions['bestSplit']>): void {
  const [hist, bins, missing, sumG, sumH, l1, l2, minH, bounded, monotone, lower, upper, out] = args;
  const at = hist >> 3;
  const missingG = missing >= 0 ? f64[at + missing * 2]! : 0;
  const missingH = missing >= 0 ? f64[at + missing * 2 + 1]! : 0;
  const passes = missingH > sumH * 1e-9 ? 2 : 1;
  let best = [-Infinity, -1, 0, 0, 0];
  for (let pass = 0; pass < passes; pass++) {
    let g = pass === 1 ? missingG : 0;
    let h = pass === 1 ? missingH : 0;
    const last = pass === 0 && passes === 2 ? bins : bins - 1;
    for (let bin = 0; bin < last; bin++) {
      g += f64[at + bin * 2]!;
      h += f64[at + bin * 2 + 1]!;
      if (h < minH) continue;
      const rightH = sumH - h;
      if (rightH < minH) break;
      const left = shrink(g, l1);
      const right = shrink(sumG - g, l1);
      let score = (left * left) / (h + l2) + (right * right) / (rightH + l2);
      if (bounded) {
        const wl = clamp(-left / (h + l2), lower, upper);
        const wr = clamp(-right / (rightH + l2), lower, upper);
        if ((monotone > 0 && wl > wr) || (monotone < 0 && wl < wr)) continue;
        score = scoreAt(left, h + l2, wl) + scoreAt(right, rightH + l2, wr);
      }
      if (score > best[0]!) best = [score, bin, pass, g, h];
    }
  }
  f64.set(best, out >> 3);
}

/** Soft threshold of a gradient sum by the L1 penalty. */
export function shrink(g: number, l1: number): number {
  return g > l1 ? g - l1 : g < -l1 ? g + l1 : 0;
}

/** `value` kept within [lower, upper]. */
export function clamp(value: number, lower: number, upper: number): number {
  return value < lower ? lower : value > upper ? upper : value;
}

/** Twice the loss that a leaf of that value saves, for a shrunk gradient sum and a penalised hessian sum. */
export function scoreAt(g: number, h: number, value: number): number {
  return -(2 * g * value + h * value * value);
}
