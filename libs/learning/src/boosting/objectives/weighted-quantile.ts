/**
 * The weighted quantile of values: the smallest value at which the weight up to it reaches level times the total,
 * or the middle of it and the next one where it is reached exactly (so that a weight of 2 is a value twice). 0 for
 * no values.
 */
export function weightedQuantile(
  values: Float64Array,
  weights: Float64Array | undefined,
  level: number,
): number {
  if (values.length === 0) return 0;
  if (!weights) return plainQuantile(values.slice().sort(), level);
  const order = Array.from(values.keys())
    .filter((i) => weights[i]! > 0)
    .sort((a, b) => values[a]! - values[b]!);
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  let sum = 0;
  for (let k = 0; k < order.length; k++) {
    sum += weights[order[k]!]!;
    const value = values[order[k]!]!;
    const next = order[k + 1];
    if (Math.abs(sum - level * total) <= total * 1e-12 && next !== undefined)
      return value / 2 + values[next]! / 2;
    if (sum >= level * total) return value;
  }
  return order.length > 0 ? values[order.at(-1)!]! : 0;
}

function plainQuantile(sorted: Float64Array, level: number): number {
  const reach = level * sorted.length;
  const whole = Math.round(reach);
  if (Math.abs(reach - whole) <= sorted.length * 1e-12 && whole >= 1 && whole < sorted.length) {
    return sorted[whole - 1]! / 2 + sorted[whole]! / 2;
  }
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(reach) - 1))]!;
}
