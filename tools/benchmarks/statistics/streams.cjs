/** Streams of windows without drift, counted in a reference's cells as fast as a machine can. */
const { loadSource } = require('../../run/load-source.cjs');

const statistics = loadSource('libs/statistics/src/index.ts');

/** `rows` rows of a population, drawn with replacement: correlations stay, reference and windows are alike. */
function draw(population, rows, random) {
  const size = population[0].values.length;
  const chosen = Uint32Array.from({ length: rows }, () => random.below(size));
  return population.map(({ kind, name, values }) =>
    kind === 'numeric'
      ? { kind, name, values: Float64Array.from(chosen, (row) => values[row]) }
      : { kind, name, values: Array.from(chosen, (row) => values[row]) },
  );
}

/** The cell of every value of a population, row by row: windows are then counted by looking cells up. */
function encode(population, reference) {
  const width = reference.columns.length;
  const rows = population[0].values.length;
  const cells = new Uint8Array(rows * width);
  reference.columns.forEach((column, c) => {
    const { values } = population[c];
    const missing = column.counts.length;
    const codes =
      column.kind === 'categorical' ? new Map(column.categories.map((name, i) => [name, i])) : null;
    for (let r = 0; r < rows; r++) {
      const value = values[r];
      if (value === null || Number.isNaN(value)) cells[r * width + c] = missing;
      else if (codes === null) cells[r * width + c] = statistics.binOf(column.edges, value);
      else cells[r * width + c] = codes.get(value) ?? missing - 1;
    }
  });
  return cells;
}

/** Counts one window of rows drawn with replacement. Returns a list of counts per column, the last one missing. */
function countWindow(cells, reference, rows, random) {
  const width = reference.columns.length;
  const population = cells.length / width;
  const counts = reference.columns.map((column) => new Float64Array(column.counts.length + 1));
  for (let i = 0; i < rows; i++) {
    const at = random.below(population) * width;
    for (let c = 0; c < width; c++) counts[c][cells[at + c]]++;
  }
  return counts;
}

/**
 * Whether the default policy alarms. An alarm needs a PSI of 0.2 in some column, so only windows that have one are judged
 * in full; the verdict is always judgeDrift's.
 */
function alarms(reference, counts) {
  const limit = statistics.DEFAULT_DRIFT_POLICY.psi;
  const suspicious = reference.columns.some(
    (column, c) =>
      statistics.populationStabilityIndex([...column.counts, column.missing], counts[c]).value >= limit,
  );
  return suspicious && judge(reference, counts).verdict === 'alert';
}

/** The report on a window that {@link countWindow} counted. */
function judge(reference, counts) {
  const columns = reference.columns.map(({ name }, c) => {
    const cells = Array.from(counts[c]);
    const missing = cells.pop();
    const rows = cells.reduce((sum, count) => sum + count, missing);
    return { name, counts: cells, missing, outOfRange: 0, nonFinite: 0, wrongType: 0, rows };
  });
  const referenceDigest = statistics.referenceDigest(reference);
  const snapshot = { version: 1, referenceDigest, columns };
  return statistics.judgeDrift(reference, statistics.BinCounts.parse(reference, snapshot));
}

/** Columns that Evidently's default policy calls drifted; it takes no missing values. */
function evidentlyDrifted(reference, window) {
  return reference.filter((column, c) => {
    const current = window[c].values;
    if (column.kind === 'categorical') return statistics.evidentlyCategorical(column.values, current).drifted;
    const known = (values) => values.filter((value) => !Number.isNaN(value));
    return statistics.evidentlyNumeric(known(column.values), known(current)).drifted;
  }).length;
}

module.exports = { statistics, draw, encode, countWindow, judge, alarms, evidentlyDrifted };
