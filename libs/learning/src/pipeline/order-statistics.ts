/** The quantile of ascending values, interpolated as NumPy does. */
export function quantileOf(sorted: Float64Array, level: number): number {
  const place = level * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return low === high ? low : low + (high - low) * (place - Math.floor(place));
}

/**
 * The inner edges of `bins` bins that hold about as many of the values each: ascending, none twice, at least one.
 * Infinite values are left out.
 */
export function quantileEdges(present: Float64Array, bins: number): number[] {
  const sorted = present.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [0];
  const edges = new Set<number>();
  // Adding 0 turns -0 into 0, so that the two are one edge.
  for (let k = 1; k < bins; k++) edges.add(quantileOf(sorted, k / bins) + 0);
  return [...edges];
}
