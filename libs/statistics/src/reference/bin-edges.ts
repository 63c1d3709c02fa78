import { checkInteger } from '../arguments/check-arguments';

/**
 * Interior edges that cut sorted values into about equally full bins. Every edge lies midway between two neighbouring
 * distinct values: a value that comes back rounded (a double that travelled as a 32-bit float, say) keeps its bin. A
 * column of at most `bins` distinct values gets one bin for each; heavy ties give fewer bins than asked, never empty ones.
 *
 * @param sorted ascending, finite.
 * @returns at most `bins - 1` edges, strictly increasing; none for fewer than two distinct values.
 */
export function quantileEdges(sorted: Float64Array, bins: number): number[] {
  checkInteger('bins', bins, 2);
  const starts = runStarts(sorted, bins);
  if (starts !== null) return starts.map((start) => between(sorted, start));
  const edges: number[] = [];
  let previous = 0;
  for (let i = 1; i < bins; i++) {
    const cut = nearestCut(sorted, Math.round((i * sorted.length) / bins));
    if (cut <= previous || cut >= sorted.length) continue;
    edges.push(between(sorted, cut));
    previous = cut;
  }
  return edges;
}

/** Where each distinct value but the first begins, or null as soon as there are more than `limit` distinct values. */
function runStarts(sorted: Float64Array, limit: number): number[] | null {
  const starts: number[] = [];
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1]) continue;
    starts.push(i);
    if (starts.length >= limit) return null;
  }
  return starts;
}

/** The position nearest to `rank` at which a new value begins (ties go to the lower one). */
function nearestCut(sorted: Float64Array, rank: number): number {
  const value = sorted[Math.min(rank, sorted.length - 1)]!;
  const start = firstAtLeast(sorted, value);
  const end = firstAbove(sorted, value);
  return rank - start <= end - rank ? start : end;
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function between(sorted: Float64Array, cut: number): number {
  const below = sorted[cut - 1]!;
  const above = sorted[cut]!;
  const middle = below + (above - below) / 2;
  // Neighbouring doubles have nothing between them, and a span beyond the largest double overflows.
  return middle > below && middle <= above ? middle : above;
}

/** Interior edges of `bins` equally wide bins between the smallest and the largest value. */
export function equalWidthEdges(min: number, max: number, bins: number): number[] {
  checkInteger('bins', bins, 2);
  const edges: number[] = [];
  for (let i = 1; i < bins; i++) {
    const edge = min * (1 - i / bins) + max * (i / bins);
    if (edge > (edges.at(-1) ?? min) && edge <= max) edges.push(edge);
  }
  return edges;
}

/** The bin of a number: how many edges are at most as large as it. NaN has no bin; callers count it as missing. */
export function binOf(edges: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
