import {
  checkAllFinite,
  checkInteger,
  checkSameLength,
  invalidArgument,
  type NumberList,
} from '../arguments/check-arguments';

/** One query: how relevant each candidate is (0 is not relevant) and how it was scored. */
export interface RankedQuery {
  readonly relevance: NumberList;
  readonly scores: NumberList;
}

/** Means over the queries that have at least one relevant candidate; null where there is none. */
export interface RankingPerformance {
  readonly queries: number;
  /** Queries without any relevant candidate: no ranking of them is better than another, so they are left out. */
  readonly queriesWithoutRelevance: number;
  /** Normalised discounted cumulative gain of the first k, gain = relevance; ties share, as scikit-learn. */
  readonly ndcg: number | null;
  /** Mean average precision of the first k: divided by min(k, relevant candidates). Ties in the order given. */
  readonly meanAveragePrecision: number | null;
  /** Mean of 1 / rank of the first relevant candidate; 0 where it is not among the first k. */
  readonly meanReciprocalRank: number | null;
  /** Share of the queries with a relevant candidate among the first k. */
  readonly hitRate: number | null;
}

/** Figures of rankings at cut-off `k`. */
export function rankingPerformance(queries: readonly RankedQuery[], k: number): RankingPerformance {
  checkInteger('k', k, 1);
  queries.forEach(({ relevance, scores }, i) => checkQuery(relevance, scores, i));
  const judged = queries.filter(({ relevance }) => Array.from(relevance).some((gain) => gain > 0));
  const mean = (of: (query: RankedQuery) => number) =>
    judged.length === 0 ? null : judged.reduce((sum, query) => sum + of(query), 0) / judged.length;
  return {
    queries: queries.length,
    queriesWithoutRelevance: queries.length - judged.length,
    ndcg: mean((query) => ndcg(query, k)),
    meanAveragePrecision: mean((query) => averagePrecisionAt(hits(query), k)),
    meanReciprocalRank: mean((query) => reciprocalRank(hits(query), k)),
    hitRate: mean((query) => Number(hits(query).slice(0, k).includes(true))),
  };
}

function checkQuery(relevance: NumberList, scores: NumberList, i: number): void {
  checkSameLength(`queries[${i}].relevance`, relevance, `queries[${i}].scores`, scores);
  checkAllFinite(`queries[${i}].relevance`, relevance);
  checkAllFinite(`queries[${i}].scores`, scores);
  for (let j = 0; j < relevance.length; j++) {
    if (relevance[j]! < 0) throw invalidArgument(`queries[${i}].relevance[${j}]`, relevance[j], 'at least 0');
  }
}

/** Whether each candidate is relevant, best score first. */
function hits({ relevance, scores }: RankedQuery): boolean[] {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
  return order.map((i) => relevance[i]! > 0);
}

function averagePrecisionAt(hit: readonly boolean[], k: number): number {
  let found = 0;
  let sum = 0;
  hit.slice(0, k).forEach((relevant, rank) => {
    if (!relevant) return;
    found++;
    sum += found / (rank + 1);
  });
  return sum / Math.min(k, hit.filter(Boolean).length);
}

function reciprocalRank(hit: readonly boolean[], k: number): number {
  const first = hit.indexOf(true);
  return first >= 0 && first < k ? 1 / (first + 1) : 0;
}

/** Candidates with equal scores share the mean gain of their group (McSherry and Najork 2008). */
function ndcg({ relevance, scores }: RankedQuery, k: number): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  let dcg = 0;
  for (let i = 0; i < order.length;) {
    let end = i;
    let gain = 0;
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) gain += relevance[order[end++]!]!;
    for (let rank = i; rank < Math.min(end, k); rank++) dcg += gain / (end - i) / Math.log2(rank + 2);
    i = end;
  }
  const ideal = Array.from(relevance)
    .sort((a, b) => b - a)
    .slice(0, k)
    .reduce((sum, gain, rank) => sum + gain / Math.log2(rank + 2), 0);
  return dcg / ideal;
}
