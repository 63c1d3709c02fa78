/** How many windows a planted shift of one column takes to be named. */
const { statistics, draw, evidentlyDrifted } = require('./streams.cjs');

const RUNS = 100;
const WINDOWS = 50;
const EVIDENTLY_RUNS = 20;
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

/** Windows until `named` is true, or null. */
function delay(population, shift, rows, random, named) {
  const reference = draw(population, REFERENCE_ROWS, random);
  const at = population.findIndex(({ name }) => name === shift.column);
  const share = shift.column === CATEGORY ? shareOf(population[at].values, 'c0') : 0;
  const built = statistics.buildReference(reference);
  for (let w = 1; w <= WINDOWS; w++) {
    const window = draw(population, rows, random);
    window[at] = { ...window[at], values: shift.apply(window[at].values, random, share) };
    if (named(built, reference, window, at)) return w;
  }
  return null;
}

function shareOf(values, category) {
  return values.filter((value) => value === category).length / values.length;
}

function stewardNames(built, _, window, at) {
  const counts = statistics.countAgainst(built);
  for (const { name, values } of window) counts.addAll(name, values);
  const report = statistics.judgeDrift(built, counts);
  return report.columns.some(({ name, verdict }) => name === window[at].name && verdict === 'alert');
}

function evidentlyNames(_, reference, window, at) {
  return evidentlyDrifted([reference[at]], [window[at]]) === 1;
}

function summary(population, shift, rows, runs, named) {
  const found = [];
  for (let run = 0; run < runs; run++) {
    const windows = delay(population, shift, rows, new statistics.RandomStream(31 * run + rows), named);
    if (windows !== null) found.push(windows);
  }
  if (found.length === 0) return 'never';
  found.sort((a, b) => a - b);
  const at = (p) => found[Math.min(found.length - 1, Math.floor(p * runs))];
  const missed = found.length < runs ? `, ${runs - found.length} of ${runs} never` : '';
  return `${at(0.5)} / ${at(0.9)}${missed}`;
}

/** PSI of the shift itself: of a very large window against a very large reference. */
function sizeOf(population, shift) {
  const random = new statistics.RandomStream(5);
  const column = population.find(({ name }) => name === shift.column);
  const built = statistics.buildReference([column]);
  const counts = statistics.countAgainst(built);
  const share = shift.column === CATEGORY ? shareOf(column.values, 'c0') : 0;
  counts.addAll(shift.column, shift.apply(column.values, random, share));
  return statistics.judgeDrift(built, counts).columns[0].psi.toFixed(3);
}

function detectionDelays(population) {
  const rows = SHIFTS.map((shift) => [
    shift.label,
    sizeOf(population, shift),
    summary(population, shift, 300, RUNS, stewardNames),
    summary(population, shift, 3000, RUNS, stewardNames),
    summary(population, shift, 300, EVIDENTLY_RUNS, evidentlyNames),
    summary(population, shift, 3000, EVIDENTLY_RUNS, evidentlyNames),
  ]);
  return { rows, runs: `${RUNS} (Evidently: ${EVIDENTLY_RUNS})`, windows: WINDOWS };
}

module.exports = { detectionDelays };
