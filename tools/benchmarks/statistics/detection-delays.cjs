/** How many windows a planted shift of one column takes to be named. */
const { statistics, countWindow, draw, encode, evidentlyDrifted, judge } = require('./streams.cjs');

const RUNS = 100;
const WINDOWS = 30;
const EVIDENTLY_RUNS = 10;
const REFERENCE_ROWS = 1000;
const NORMAL = 'n2';
const CATEGORY = 'k1';

const SHIFTS = [
  { label: 'none', column: NORMAL, apply: (values) => values },
  ...[0.1, 0.25, 0.5, 1].map((size) => ({
    label: `mean + ${size} standard deviations`,
    column: NORMAL,
    apply: (values) => values.map((value) => value + size),
  })),
  ...[0.05, 0.1].map((points) => ({
    label: `a category's share ${100 * points} points up`,
    column: CATEGORY,
    // From the most frequent category to the rarest, so that its share grows by so many points.
    apply: (values, random, share) =>
      values.map((value) => (value === 'c0' && random.uniform() < points / share ? 'c2' : value)),
  })),
];

function shareOf(values, category) {
  return values.filter((value) => value === category).length / values.length;
}

/** The population with the one column shifted. */
function shifted(population, shift, random) {
  return population.map((column) => {
    if (column.name !== shift.column) return column;
    const share = column.kind === 'categorical' ? shareOf(column.values, 'c0') : 0;
    return { ...column, values: shift.apply(column.values, random, share) };
  });
}

/** Windows until Steward's alarm names the column, over all 20 columns; null if it never does. */
function stewardDelay(population, shift, rows, random) {
  const reference = statistics.buildReference(draw(population, REFERENCE_ROWS, random));
  const cells = encode(shifted(population, shift, random), reference);
  for (let w = 1; w <= WINDOWS; w++) {
    const report = judge(reference, countWindow(cells, reference, rows, random));
    if (report.columns.some(({ name, verdict }) => name === shift.column && verdict === 'alert')) return w;
  }
  return null;
}

/** Windows until Evidently calls the column drifted; it judges each column alone. */
function evidentlyDelay(population, shift, rows, random) {
  const calm = population.filter(({ name }) => name === shift.column);
  const moved = shifted(calm, shift, random);
  const reference = draw(calm, REFERENCE_ROWS, random);
  for (let w = 1; w <= WINDOWS; w++) {
    if (evidentlyDrifted(reference, draw(moved, rows, random)) === 1) return w;
  }
  return null;
}

function summary(population, shift, rows, runs, delay) {
  const found = [];
  for (let run = 0; run < runs; run++) {
    const windows = delay(population, shift, rows, new statistics.RandomStream(31 * run + rows));
    if (windows !== null) found.push(windows);
  }
  if (found.length === 0) return 'never';
  found.sort((a, b) => a - b);
  const at = (p) => found[Math.floor(p * runs)] ?? '-';
  const missed = found.length < runs ? `, ${runs - found.length} of ${runs} never` : '';
  return `${at(0.5)} / ${at(0.9)}${missed}`;
}

/** PSI of the shift itself: of the whole shifted population against the whole calm one. */
function sizeOf(population, shift) {
  const calm = population.filter(({ name }) => name === shift.column);
  const built = statistics.buildReference(calm);
  const counts = statistics.countAgainst(built);
  counts.addAll(shift.column, shifted(calm, shift, new statistics.RandomStream(5))[0].values);
  return statistics.judgeDrift(built, counts).columns[0].psi.toFixed(3);
}

function detectionDelays(population) {
  const rows = SHIFTS.map((shift) => [
    shift.label,
    sizeOf(population, shift),
    summary(population, shift, 300, RUNS, stewardDelay),
    summary(population, shift, 3000, RUNS, stewardDelay),
    summary(population, shift, 300, EVIDENTLY_RUNS, evidentlyDelay),
    summary(population, shift, 3000, EVIDENTLY_RUNS, evidentlyDelay),
  ]);
  return { rows, runs: `${RUNS} (Evidently: ${EVIDENTLY_RUNS})`, windows: WINDOWS };
}

module.exports = { detectionDelays };
