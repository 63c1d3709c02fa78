/**
 * The false-alarm study: streams without drift, and how long planted shifts take to be found.
 * `node tools/benchmarks/statistics/false-alarms.cjs [--streams 200] [--windows 1000]`.
 * Takes about a quarter of an hour on one core and writes docs/benchmarks/false-alarms.md.
 */
const { cpus } = require('node:os');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { flights, mortgages, synthetic } = require('./populations.cjs');
const { detectionDelays } = require('./detection-delays.cjs');
const { alarms, countWindow, draw, encode, evidentlyDrifted, statistics } = require('./streams.cjs');

const { values: options } = parseArgs({
  options: {
    streams: { type: 'string', default: '200' },
    windows: { type: 'string', default: '1000' },
    'evidently-streams': { type: 'string', default: '10' },
    'evidently-windows': { type: 'string', default: '20' },
  },
});
const STREAMS = Number(options.streams);
const WINDOWS = Number(options.windows);
const REFERENCES = [1000, 10_000];
const SIZES = [300, 3000];

/** Every stream has its own reference and its own random numbers, all from its number. */
function ours(population, referenceRows, windowRows) {
  let streams = 0;
  let windows = 0;
  for (let stream = 0; stream < STREAMS; stream++) {
    const random = new statistics.RandomStream(1000 * stream + windowRows + referenceRows);
    const reference = statistics.buildReference(draw(population, referenceRows, random));
    const cells = encode(population, reference);
    let alarmed = 0;
    for (let w = 0; w < WINDOWS; w++)
      if (alarms(reference, countWindow(cells, reference, windowRows, random))) alarmed++;
    windows += alarmed;
    if (alarmed > 0) streams++;
  }
  return { streams, windows, of: STREAMS, ofWindows: STREAMS * WINDOWS };
}

function evidently(population, referenceRows, windowRows) {
  const count = Number(options['evidently-streams']);
  const length = Number(options['evidently-windows']);
  let [streams, windows, dataset] = [0, 0, 0];
  for (let stream = 0; stream < count; stream++) {
    const random = new statistics.RandomStream(7000 * stream + windowRows + referenceRows);
    const reference = draw(population, referenceRows, random);
    let alarmed = 0;
    for (let w = 0; w < length; w++) {
      const drifted = evidentlyDrifted(reference, draw(population, windowRows, random));
      if (drifted > 0) alarmed++;
      if (2 * drifted >= population.length) dataset++;
    }
    windows += alarmed;
    if (alarmed > 0) streams++;
  }
  return { streams, windows, dataset, of: count, ofWindows: count * length };
}

function row(source, columns, referenceRows, windowRows, population) {
  const start = Date.now();
  const own = ours(population, referenceRows, windowRows);
  const theirs = evidently(population, referenceRows, windowRows);
  const percent = (part, whole) => `${((100 * part) / whole).toFixed(part === 0 ? 0 : 1)} %`;
  const upper = statistics.wilsonInterval(own.streams, own.of).upper;
  process.stderr.write(`${source}, ${referenceRows}, ${windowRows}: ${(Date.now() - start) / 1000} s\n`);
  return [
    source,
    columns,
    referenceRows.toLocaleString('en'),
    windowRows.toLocaleString('en'),
    `${own.streams} of ${own.of} (at most ${(100 * upper).toFixed(1)} %)`,
    `${own.windows} of ${own.ofWindows.toLocaleString('en')}`,
    `${theirs.streams} of ${theirs.of}`,
    percent(theirs.windows, theirs.ofWindows),
    percent(theirs.dataset, theirs.ofWindows),
  ];
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

async function main() {
  const populations = [
    ['synthetic', synthetic(new statistics.RandomStream(99), 200_000)],
    ['mortgages', mortgages()],
    ['flights', await flights()],
  ];
  const rows = populations.flatMap(([source, population]) =>
    REFERENCES.flatMap((reference) =>
      SIZES.map((size) => row(source, population.length, reference, size, population)),
    ),
  );
  const delays = detectionDelays(populations[0][1]);
  const text = `# Drift alarms: how often they are false, and how late they are true

Made by \`node tools/benchmarks/statistics/false-alarms.cjs\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, Node.js ${process.version}. Everything follows from the seeds in the script.

Steward's default policy alarms on a column whose PSI reaches 0.2 and whose two-sample chi-square test has p < 0.001 after Holm's correction over the columns. Evidently's is its default of version 0.7 in our implementation, which \`libs/statistics/reference/evidently_vectors.py\` checks against the real one: per column KS or chi-square with p < 0.05 up to 1,000 reference rows, Wasserstein or Jensen-Shannon of 0.1 beyond; its data set drifts where half of the columns do.

## Streams without drift

${STREAMS} streams of ${WINDOWS.toLocaleString('en')} windows; reference and windows are drawn with replacement from the same rows, whole rows at a time, so that the columns' correlations stay. Evidently's columns show ${options['evidently-streams']} streams of ${options['evidently-windows']} windows: more would only say the same.

${table(['source', 'columns', 'reference rows', 'window rows', 'Steward: streams with an alarm (95 %)', 'Steward: windows with an alarm', 'Evidently: streams with a drifted column', 'Evidently: windows with a drifted column', 'Evidently: windows with data set drift'], rows)}

## Planted shifts

One of the 20 synthetic columns is shifted from the first window on; the reference has 1,000 rows. Median and 90th percentile of the windows until the alarm that names the column, over ${delays.runs} streams of at most ${delays.windows} windows; "-" where that share of the streams did not alarm, "never" where none did. A shift whose PSI lies below the policy's size of 0.2 is not meant to alarm, however long it lasts; who wants it found lowers \`psi\`.

${table(['shift', 'PSI', 'Steward, windows of 300', 'Steward, windows of 3,000', 'Evidently, windows of 300', 'Evidently, windows of 3,000'], delays.rows)}

Evidently is quick here for the same reason that its streams without drift alarm: the line "none" shows how soon it names the same column where nothing was shifted.
`;
  writeFileSync(join(__dirname, '../../../docs/benchmarks/false-alarms.md'), text);
  process.stdout.write(text);
}

void main();
