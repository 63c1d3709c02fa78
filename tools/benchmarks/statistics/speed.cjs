/**
 * Speed of libs/statistics, with numpy and scipy in the same run where a Python that has them is named:
 * `node tools/benchmarks/statistics/speed.cjs [--python /path/to/python] [--rows 1000000]`.
 * Takes about two minutes and writes docs/benchmarks/statistics.md.
 */
const { spawnSync } = require('node:child_process');
const { cpus } = require('node:os');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { loadSource } = require('../../run/load-source.cjs');

const statistics = loadSource('libs/statistics/src/index.ts');
const { values: options } = parseArgs({
  options: { python: { type: 'string' }, rows: { type: 'string', default: '1000000' } },
});
const ROWS = Number(options.rows);
const COLUMNS = 20;

/**
 * Best of some runs, in milliseconds of processor time, as in rivals.py: everything here runs on one thread, and the wall
 * clock would measure what else the machine does.
 */
function best(runs, action) {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = process.cpuUsage();
    action();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function makeColumns(seed) {
  const random = new statistics.RandomStream(seed);
  return Array.from({ length: COLUMNS }, (_, c) => {
    const values = new Float64Array(ROWS);
    for (let i = 0; i < ROWS; i++) values[i] = random.normal() * (c + 1);
    return values;
  });
}

const name = (c) => `column${c}`;
const past = makeColumns(1);
const now = makeColumns(2);
const reference = statistics.buildReference(
  past.map((values, c) => ({ kind: 'numeric', name: name(c), values })),
);

function profile(columns, sketches) {
  const made = statistics.DatasetProfile.against(reference, { sketches });
  columns.forEach((values, c) => made.addAll(name(c), values));
  made.counts();
  return made;
}

function mergeThousand() {
  const parts = Array.from({ length: 1000 }, (_, part) => {
    const made = statistics.DatasetProfile.against(reference, { seed: part });
    now.forEach((values, c) => made.addAll(name(c), values.subarray(part * 100, part * 100 + 1000)));
    made.serialise();
    return made;
  });
  return best(1, () => parts.reduce((whole, part) => whole.merge(part)));
}

/** numpy and scipy on data of the same shape; the edges are those of our reference. */
function rivals() {
  if (options.python === undefined) return null;
  const edges = reference.columns.map((column) => column.edges);
  const script = join(__dirname, 'rivals.py');
  const run = spawnSync(options.python, [script, String(ROWS)], {
    input: JSON.stringify(edges),
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`${script} failed: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

const cells = ROWS * COLUMNS;
const full = best(3, () => profile(now, true));
const exact = best(3, () => profile(now, false));
const made = profile(now, true);
const report = best(5, () => statistics.judgeDrift(reference, made.counts()));
const kolmogorov = best(2, () => statistics.kolmogorovSmirnov(past[0], now[0]));
const wasserstein = best(2, () => statistics.wassersteinDistance(past[0], now[0]));
const merge = mergeThousand();
const bytes = made.serialise().length;
const rival = rivals();

const speed = (ms) => `${(cells / ms / 1000).toFixed(1)} M cells/s`;
const ms = (value) => (value === undefined ? 'not run' : `${value.toFixed(value < 10 ? 1 : 0)} ms`);
const rows = [
  ['Profile with every part on', `${ms(full)}, ${speed(full)}`, 'at least 10 M cells/s', ''],
  [
    'Profile of counts, moments and bins',
    `${ms(exact)}, ${speed(exact)}`,
    'at least 20 M cells/s; 2 × histogram',
    `np.histogram with edges: ${ms(rival?.histogram)}`,
  ],
  ['Drift report from the profile', ms(report), 'under 50 ms', ''],
  ['Exact KS of one column, 1 : 1', ms(kolmogorov), "2 × scipy's time", `ks_2samp: ${ms(rival?.ks)}`],
  [
    'Wasserstein of one column, 1 : 1',
    ms(wasserstein),
    "2 × scipy's time",
    `wasserstein_distance: ${ms(rival?.wasserstein)}`,
  ],
  ['Merging 1,000 profiles', ms(merge), 'under 200 ms', ''],
  ['Serialised profile', `${(bytes / 1024).toFixed(1)} KiB`, 'under 64 KB', ''],
];
const rivalText =
  rival === null ? 'Rivals not run.' : `Python ${rival.python}, numpy ${rival.numpy}, scipy ${rival.scipy}.`;
const text = `# libs/statistics: speed

Made by \`node tools/benchmarks/statistics/speed.cjs\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} cores, one used; Node.js ${process.version}. ${rivalText}

${ROWS.toLocaleString('en')} rows × ${COLUMNS} normal columns, ten reference bins each; the best of two to five runs, in milliseconds of processor time on both sides (everything runs on one thread; other work went on beside it). Every part on means exact counts in the reference's bins, moments, distinct values, quantiles and frequent values.

| what | measured | wanted | rival in the same run |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;
writeFileSync(join(__dirname, '../../../docs/benchmarks/statistics.md'), text);
process.stdout.write(text);
