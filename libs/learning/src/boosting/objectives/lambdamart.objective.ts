import type { RankingTarget } from '../../target/target';
import type { Objective } from './objective';

/** The rows of each group. */
export function groupRows(groups: Int32Array): Int32Array[] {
  const members = new Map<number, number[]>();
  groups.forEach((group, row) => {
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  });
  return [...members.values()].map((rows) => Int32Array.from(rows));
}

const gainOf = (relevance: number): number => 2 ** relevance - 1;
const discountOf = (rank: number): number => 1 / Math.log2(rank + 2);
const GAINS = Float64Array.from({ length: 32 }, (_, relevance) => gainOf(relevance));

/** The largest DCG that a group's relevances allow in its first `at` places. */
export function idealDcg(relevance: Float64Array, rows: Int32Array, at: number): number {
  const sorted = Float64Array.from(rows, (row) => relevance[row]!)
    .sort()
    .reverse();
  let sum = 0;
  for (let rank = 0; rank < Math.min(at, sorted.length); rank++)
    sum += gainOf(sorted[rank]!) * discountOf(rank);
  return sum;
}

/** Mean NDCG of the first `at` places over groups (gain 2^relevance - 1); a group without relevant rows counts 1. */
export function meanNdcg(scores: Float64Array, target: RankingTarget, at: number): number {
  const groups = groupRows(target.groups);
  let sum = 0;
  for (const rows of groups) {
    const ideal = idealDcg(target.values, rows, at);
    const order = ranked(rows, scores);
    let dcg = 0;
    for (let rank = 0; rank < Math.min(at, order.length); rank++) {
      dcg += gainOf(target.values[order[rank]!]!) * discountOf(rank);
    }
    sum += ideal > 0 ? dcg / ideal : 1;
  }
  return sum / groups.length;
}

/**
 * LambdaMART (Burges 2010) with LightGBM's choices: pairs with one row in the first `at` places, weighted by the change
 * of NDCG, softened by the distance of scores and normalised by group. Weights multiply a row's gradients. The loss
 * that early stopping watches is 1 - NDCG.
 */
export function lambdaMartObjective(
  target: RankingTarget,
  weights: Float64Array | undefined,
  at: number,
): Objective {
  const groups = groupRows(target.groups).map((rows) => ({ rows, ideal: idealDcg(target.values, rows, at) }));
  const longest = groups.reduce((most, { rows }) => Math.max(most, rows.length), 0);
  const discounts = Float64Array.from({ length: longest }, (_, rank) => discountOf(rank));
  return {
    outputs: 1,
    link: 'identity',
    base: () => new Float64Array(1),
    gradients({ gradientView, scoreView }) {
      gradientView.fill(0);
      for (const { rows, ideal } of groups) {
        if (ideal === 0) continue;
        addGroup(gradientView, ranked(rows, scoreView), scoreView, target.values, { ideal, at, discounts });
      }
      for (let i = 0; i < target.values.length; i++) {
        const weight = weights ? weights[i]! : 1;
        gradientView[2 * i]! *= weight;
        gradientView[2 * i + 1] = Math.max(gradientView[2 * i + 1]!, 1e-16) * weight;
      }
    },
    loss: (scores, _stride, other) => 1 - meanNdcg(scores, other as RankingTarget, at),
  };
}

/** Rows by falling score, ties by place. */
function ranked(rows: Int32Array, scores: Float64Array): Int32Array {
  return rows.slice().sort((a, b) => scores[b]! - scores[a]! || a - b);
}

function addGroup(
  pairs: Float64Array,
  order: Int32Array,
  scores: Float64Array,
  relevance: Float64Array,
  { ideal, at, discounts }: { ideal: number; at: number; discounts: Float64Array },
): void {
  const spread = scores[order[0]!]! !== scores[order.at(-1)!]!;
  let sum = 0;
  for (let i = 0; i < Math.min(at, order.length - 1); i++) {
    for (let j = i + 1; j < order.length; j++) {
      const [first, second] = [order[i]!, order[j]!];
      if (relevance[first] === relevance[second]) continue;
      const high = relevance[first]! > relevance[second]! ? first : second;
      const low = high === first ? second : first;
      const distance = scores[high]! - scores[low]!;
      let change = (GAINS[relevance[high]!]! - GAINS[relevance[low]!]!) * (discounts[i]! - discounts[j]!);
      change /= ideal;
      if (spread) change /= 0.01 + Math.abs(distance);
      const p = 1 / (1 + Math.exp(distance));
      const lambda = change * p;
      const hessian = lambda * (1 - p);
      pairs[2 * high]! -= lambda;
      pairs[2 * low]! += lambda;
      pairs[2 * high + 1]! += hessian;
      pairs[2 * low + 1]! += hessian;
      sum += 2 * lambda;
    }
  }
  if (sum > 0) {
    const factor = Math.log2(1 + sum) / sum;
    for (const row of order) {
      pairs[2 * row]! *= factor;
      pairs[2 * row + 1]! *= factor;
    }
  }
}
