import type { BinMapper } from '../binning/bin-mapper';
import type { GrowthParameters, NodeSums, Split } from './growth-parameters';
import { clamp, scoreAt, shrink } from './kernel/reference-split';

const FEW = 4;
const MIN_SUPPORT = 10;

interface CategoryBin {
  readonly bin: number;
  readonly g: number;
  readonly h: number;
}

/**
 * The best subset split of a categorical feature: categories sorted by smoothed gradient over hessian, then prefixes
 * from both ends (Fisher 1958, as LightGBM does). Rare categories, pooled ones and those unseen go right. With at
 * most four categories nothing is smoothed. Returns null if no split is allowed; `gain` is the sum of scores.
 */
export function bestCategorySplit(
  hist: Float64Array,
  mapper: BinMapper,
  feature: number,
  sums: NodeSums,
  params: GrowthParameters,
  minH: number,
): Split | null {
  const few = mapper.values <= FEW;
  const candidates = eligible(hist, mapper, sums, few);
  if (candidates.length === 0) return null;
  const smoothing = few ? 0 : params.categorySmoothing;
  const rank = ({ g, h }: CategoryBin): number => g / (h + smoothing);
  candidates.sort((a, b) => rank(a) - rank(b) || a.bin - b.bin);
  const l2 = params.l2 + (few ? 0 : params.categoryL2);
  const up = bestPrefix(candidates, sums, params, l2, minH);
  const down = bestPrefix(candidates.toReversed(), sums, params, l2, minH);
  const best = down.score > up.score ? down : up;
  if (best.score === -Infinity) return null;
  const left = (best === up ? candidates : candidates.toReversed()).slice(0, best.length);
  const bins = left.map(({ bin }) => bin).sort((a, b) => a - b);
  return {
    gain: best.score,
    feature,
    bin: -1,
    categories: bins.filter((bin) => bin !== mapper.missing),
    missingLeft: mapper.missing >= 0 && bins.includes(mapper.missing),
    leftG: best.g,
    leftH: best.h,
  };
}

function eligible(hist: Float64Array, mapper: BinMapper, sums: NodeSums, few: boolean): CategoryBin[] {
  const least = few ? sums.sumH * 1e-9 : Math.max(sums.sumH * 1e-9, MIN_SUPPORT / sums.rowsPerH);
  const out: CategoryBin[] = [];
  const named = mapper.pooled ? mapper.values - 1 : mapper.values;
  for (let bin = 0; bin <= mapper.values; bin++) {
    if (bin >= named && bin !== mapper.missing) continue;
    const h = hist[bin * 2 + 1]!;
    if (h > least) out.push({ bin, g: hist[bin * 2]!, h });
  }
  return out;
}

function bestPrefix(
  candidates: readonly CategoryBin[],
  sums: NodeSums,
  params: GrowthParameters,
  l2: number,
  minH: number,
) {
  const best = { score: -Infinity, length: 0, g: 0, h: 0 };
  let g = 0;
  let h = 0;
  const most = Math.min(candidates.length, params.maxCategoriesLeft);
  for (let i = 0; i < most; i++) {
    g += candidates[i]!.g;
    h += candidates[i]!.h;
    const rightH = sums.sumH - h;
    if (h < minH || rightH < minH) continue;
    const left = shrink(g, params.l1);
    const right = shrink(sums.sumG - g, params.l1);
    const wl = clamp(-left / (h + l2), sums.lower, sums.upper);
    const wr = clamp(-right / (rightH + l2), sums.lower, sums.upper);
    const score = scoreAt(left, h + l2, wl) + scoreAt(right, rightH + l2, wr);
    if (score > best.score) Object.assign(best, { score, length: i + 1, g, h });
  }
  return best;
}
