/** The populations of the false-alarm study: rows to draw windows from, as columns of equal length. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('csv-parse/sync');

const ROOT = join(__dirname, '../../..');

/** Twenty synthetic columns: 14 numeric of different shapes, two pairs of them correlated, and 6 categorical. */
function synthetic(random, rows) {
  const draw = (of) => Float64Array.from({ length: rows }, of);
  const normal = () => random.normal();
  const base = draw(normal);
  const numeric = [
    base,
    base.map((value) => 0.8 * value + 0.6 * random.normal()),
    draw(normal),
    draw(() => Math.exp(random.normal())),
    draw(() => -Math.log(1 - random.uniform())),
    draw(() => random.uniform()),
    draw(() => random.normal() / (0.05 + Math.abs(random.normal()))),
    draw(() => (random.uniform() < 0.7 ? 0 : random.uniform() * 100)),
    draw(() => random.below(5)),
    draw(() => random.below(30)),
    draw(() => (random.uniform() < 0.1 ? Number.NaN : random.normal())),
    draw(() => Math.round(random.normal() * 4) / 4),
    draw(() => (random.uniform() < 0.5 ? -3 : 3) + random.normal()),
    draw(() => Number(random.uniform() < 0.03)),
  ];
  const shares = [2, 3, 5, 8, 12, 25];
  const categorical = shares.map((k) =>
    Array.from({ length: rows }, () => `c${Math.min(k - 1, Math.floor(k * random.uniform() ** 1.7))}`),
  );
  return [
    ...numeric.map((values, i) => ({ kind: 'numeric', name: `n${i}`, values })),
    ...categorical.map((values, i) => ({ kind: 'categorical', name: `k${i}`, values })),
  ];
}

/** Boston mortgage applications: 2,380 rows, 4 numeric and 8 categorical columns. */
function mortgages() {
  const file = join(ROOT, 'examples/lending/data/hmda_mortgage.csv');
  const rows = parse(readFileSync(file), { columns: true });
  const numeric = ['pirat', 'hirat', 'lvrat', 'unemp'];
  const names = Object.keys(rows[0]).filter((name) => name !== 'deny' && name !== 'afam');
  return names.map((name) =>
    numeric.includes(name)
      ? { kind: 'numeric', name, values: Float64Array.from(rows, (row) => Number(row[name])) }
      : { kind: 'categorical', name, values: rows.map((row) => row[name]) },
  );
}

/** US flights of January 2001: every fifth of about 480,000 rows, 4 numeric and 2 categorical columns. */
async function flights() {
  const { parquetReadObjects } = require('hyparquet');
  const { compressors } = require('hyparquet-compressors');
  const bytes = readFileSync(join(ROOT, 'node_modules/vega-datasets/data/flights-3m.parquet'));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const all = await parquetReadObjects({ file, compressors, rowEnd: 480_000 });
  const rows = all.filter((row, i) => i % 5 === 0 && row.date.getUTCMonth() === 0);
  const number = (name, of) => ({ kind: 'numeric', name, values: Float64Array.from(rows, of) });
  return [
    number('delay', (row) => Number(row.delay)),
    number('distance', (row) => Number(row.distance)),
    number('hour', (row) => row.date.getUTCHours()),
    number('weekday', (row) => row.date.getUTCDay()),
    { kind: 'categorical', name: 'origin', values: rows.map((row) => row.origin) },
    { kind: 'categorical', name: 'destination', values: rows.map((row) => row.destination) },
  ];
}

module.exports = { synthetic, mortgages, flights };
