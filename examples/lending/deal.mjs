/**
 * Deals the mortgage applications into the batches of the demo, once, without overlap. Run by hand after a change:
 *
 *     node examples/lending/deal.mjs
 *
 * The files that it writes are committed, and a test (tools/demo) deals again and compares. Each row gets an applicant
 * id, its number in the source. The order within `single` and not `single` follows from SHA-256 of (seed, row number),
 * so that the deal is the same on every machine.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SEED = 'lending-2026';
const DATA = join(fileURLToPath(new URL('.', import.meta.url)), 'data');

/** Rows by batch: [single, not single]. The control batch is dealt from the shifted halves and the remainder. */
const BATCHES = {
  initial: [250, 950],
  calm: [65, 245],
  'shifted-a': [300, 75],
  'shifted-b': [300, 75],
};
const CONTROL = [65, 245];

/**
 * Records broken by us, at least one for each kind of rule; appended to the initial batch. The last one opens a quote
 * that never closes, so what follows it is swallowed: that line is ours too.
 */
const brokenRecords = (firstGoodRecord) => [
  'B-000001,no,lots,0.2,0.8,2,1,no,3.9,no,no,no,no,no,yes', // type: pirat is no number
  'B-000002,no,0.3,,0.8,2,1,no,3.9,no,no,no,no,no,yes', // nullability: hirat is missing
  'B-000003,no,0.3,0.2,-0.8,2,1,no,3.9,no,no,no,no,no,yes', // range: lvrat below its minimum
  'B-000004,no,0.3,0.2,0.8,2,1,no,390,no,no,no,no,no,yes', // range: unemp above its maximum
  'B-000005,perhaps,0.3,0.2,0.8,2,1,no,3.9,no,no,no,no,no,yes', // allowed values: deny
  'B-000006,no,0.3,0.2,0.8,2.5,1,no,3.9,no,no,no,no,no,yes', // type: chist is no integer
  firstGoodRecord, // key: the first applicant once more
  'B-000008,no,0.3,0.2,0.8,2,1,no,3.9,no,no', // fields: too few
  'B-000009,no,0.3,0.2,0.8,2,1,no,3.9,no,no,no,no,no,yes,yes', // fields: too many
  `B-${'0'.repeat(60)},no,0.3,0.2,0.8,2,1,no,3.9,no,no,no,no,no,yes`, // length: applicant
  'B-000011,"no,0.3,0.2,0.8,2,1,no,3.9,no,no,no,no,no,yes', // quote: opened, never closed
  'B-000012,no,0.3,0.2,0.8,2,1,no,3.9,no,no,no,no,no,yes', // quote: swallowed by the one before
];

const source = readFileSync(join(DATA, 'hmda_mortgage.csv'), 'utf8').trim().split(/\r?\n/);
const columns = source[0].replaceAll('"', '').split(',');
const rows = source.slice(1).map((line, index) => {
  const values = line.replaceAll('"', '').split(',');
  const number = index + 1;
  return {
    single: values[columns.indexOf('single')] === 'yes',
    rank: createHash('sha256').update(`${SEED}:${number}`).digest('hex'),
    record: [`A-${String(number).padStart(6, '0')}`, ...values].join(','),
  };
});
const byRank = (left, right) => (left.rank < right.rank ? -1 : 1);
const singles = rows.filter((row) => row.single).sort(byRank);
const others = rows.filter((row) => !row.single).sort(byRank);
const mixed = (batch) => [...batch].sort(byRank).map((row) => row.record);

/** @returns {Record<string, string>} file name -> content */
export function deal() {
  const header = ['applicant', ...columns].join(',');
  const files = {};
  let [nextSingle, nextOther] = [0, 0];
  let [controlSingle, controlOther] = [0, 0];
  for (const [name, [single, other]] of Object.entries(BATCHES)) {
    if (name === 'shifted-a') [controlSingle, controlOther] = [nextSingle, nextOther];
    const records = mixed([
      ...singles.slice(nextSingle, nextSingle + single),
      ...others.slice(nextOther, nextOther + other),
    ]);
    nextSingle += single;
    nextOther += other;
    if (name === 'initial') records.push(...brokenRecords(records[0]));
    files[`${name}.csv`] = `${[header, ...records].join('\n')}\n`;
  }
  const control = mixed([
    ...singles.slice(controlSingle, controlSingle + CONTROL[0]),
    ...others.slice(controlOther, controlOther + CONTROL[1]),
  ]);
  files['control.csv'] = `${[header, ...control].join('\n')}\n`;
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, content] of Object.entries(deal())) writeFileSync(join(DATA, name), content);
}
