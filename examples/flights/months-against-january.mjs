/**
 * Which features of US flights drift from January 2001 on? Counts every month in the cells of January's reference, judges
 * it, and writes two pictures and a table: `node examples/flights/months-against-january.mjs`. The data come with the
 * development dependency vega-datasets; nothing is downloaded. Takes about half a minute.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { driftTable, monthPicture, sharesPicture } from './pictures.mjs';

const { loadSource } = createRequire(import.meta.url)('../../tools/run/load-source.cjs');
const { buildReference, countAgainst, judgeDrift } = loadSource('libs/statistics/src/index.ts');

const ROWS = 3_000_000;
const PART = 250_000;
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What a model would take as inputs, and the outcome. */
const FEATURES = {
  delay: { kind: 'numeric', of: (row) => Number(row.delay) },
  distance: { kind: 'numeric', of: (row) => Number(row.distance) },
  hour: { kind: 'numeric', of: (row) => row.date.getUTCHours() },
  weekday: { kind: 'categorical', of: (row) => WEEKDAYS[row.date.getUTCDay()] },
  origin: { kind: 'categorical', of: (row) => row.origin },
  destination: { kind: 'categorical', of: (row) => row.destination },
};

async function* rowsInParts() {
  const bytes = readFileSync(here('../../node_modules/vega-datasets/data/flights-3m.parquet'));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  for (let rowStart = 0; rowStart < ROWS; rowStart += PART) {
    yield await parquetReadObjects({ file, compressors, rowStart, rowEnd: Math.min(ROWS, rowStart + PART) });
  }
}

/** The flights are in the order of time: all of January comes before the first of February. */
async function judgeMonths() {
  const january = Object.fromEntries(Object.keys(FEATURES).map((name) => [name, []]));
  const windows = new Map();
  let reference = null;
  const build = () =>
    buildReference(
      Object.entries(FEATURES).map(([name, { kind }]) => ({ kind, name, values: january[name] })),
    );
  for await (const rows of rowsInParts()) {
    for (const row of rows) {
      const month = row.date.getUTCMonth();
      if (month > 0) reference ??= build();
      if (month > 0 && !windows.has(month)) windows.set(month, countAgainst(reference));
      for (const [name, { of }] of Object.entries(FEATURES)) {
        if (month === 0) january[name].push(of(row));
        else windows.get(month).add(name, of(row));
      }
    }
  }
  // Six flights carry a date in July: far too few to say anything, and the verdict says so.
  return [...windows]
    .map(([month, counts]) => ({
      month: MONTHS[month],
      rows: counts.rows,
      report: judgeDrift(reference, counts),
    }))
    .filter(({ report }) => report.verdict !== 'not_enough_data');
}

async function main() {
  const months = await judgeMonths();
  const features = Object.keys(FEATURES);
  writeFileSync(here('pictures/psi-by-month.svg'), monthPicture(months, features));
  const [worst] = months
    .flatMap(({ month, report }) => report.columns.map((column) => ({ month, column })))
    .sort((a, b) => b.column.psi - a.column.psi);
  writeFileSync(here('pictures/largest-shift.svg'), sharesPicture(worst.column, worst.month));
  const delays = months
    .map(({ month, report }) => ({ month, column: report.columns.find(({ name }) => name === 'delay') }))
    .sort((a, b) => b.column.psi - a.column.psi)[0];
  writeFileSync(here('pictures/delay.svg'), sharesPicture(delays.column, delays.month));
  process.stdout.write(`${driftTable(months, features)}\n`);
}

void main();
