// The measures of rivals.py, written once more.
import { L } from './data.mjs';

/** AUC and log loss, RMSE, or NDCG, as the target asks. */
export function scores(fitted, table, target) {
  const p = target.kind === 'binary' ? L.predictPositive(fitted, table) : L.predict(fitted, table);
  const truth = target.values;
  const mean = (of) => p.reduce((sum, v, i) => sum + of(v, truth[i]), 0) / p.length;
  if (target.kind === 'ranking') return { 'NDCG@10': meanNdcg(p, target, 10) };
  if (target.kind === 'regression') return { RMSE: Math.sqrt(mean((v, t) => (v - t) ** 2)) };
  const clip = (v) => Math.min(Math.max(v, 1e-15), 1 - 1e-15);
  return {
    AUC: areaUnderCurve(p, truth),
    'log loss': mean((v, t) => -Math.log(t === 1 ? clip(v) : 1 - clip(v))),
  };
}

function areaUnderCurve(p, truth) {
  const order = Int32Array.from(p.keys()).sort((a, b) => p[a] - p[b]);
  let [sum, positives] = [0, 0];
  for (let i = 0; i < order.length;) {
    let j = i;
    while (j < order.length && p[order[j]] === p[order[i]]) j++;
    for (let k = i; k < j; k++) {
      if (truth[order[k]] !== 1) continue;
      sum += (i + j + 1) / 2;
      positives++;
    }
    i = j;
  }
  return (sum - (positives * (positives + 1)) / 2) / (positives * (p.length - positives));
}

/** Mean over the groups that hold a relevant row; gain 2^relevance - 1, ties in the order of the rows. */
function meanNdcg(p, { values, groups }, at) {
  const rowsOf = groupRows(groups);
  const dcg = (rows) =>
    rows.slice(0, at).reduce((sum, row, rank) => sum + (2 ** values[row] - 1) / Math.log2(rank + 2), 0);
  const each = [...rowsOf.values()].flatMap((rows) => {
    const ideal = dcg(rows.toSorted((a, b) => values[b] - values[a] || a - b));
    return ideal > 0 ? [dcg(rows.toSorted((a, b) => p[b] - p[a] || a - b)) / ideal] : [];
  });
  return each.reduce((sum, v) => sum + v, 0) / each.length;
}

function groupRows(groups) {
  const rowsOf = new Map();
  groups.forEach((group, row) => {
    const rows = rowsOf.get(group);
    if (rows) rows.push(row);
    else rowsOf.set(group, [row]);
  });
  return rowsOf;
}
