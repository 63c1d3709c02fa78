// Writes a Delta table with libs/delta into FOLDER, and EXPECTED.json beside it for check_table.py:
//   npx nx build delta && node libs/delta/reference/write-table.mjs FOLDER && python check_table.py FOLDER/objects/t FOLDER/expected.json
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const { LocalArtifactStore } = require('@steward/artifacts');
const { ObjectStoreDeltaTables } = require('@steward/delta');

const folder = process.argv[2];
const tables = new ObjectStoreDeltaTables(new LocalArtifactStore(folder).objects);
const fields = [
  { name: 'row', type: 'long', nullable: false },
  { name: 'text', type: 'string', nullable: true },
  { name: 'figure', type: 'double', nullable: true },
  { name: 'flag', type: 'boolean', nullable: true },
  { name: 'at', type: 'timestamp', nullable: true },
];
const batch = (from, count) => {
  const at = Array.from({ length: count }, (_, index) => from + index);
  const sometimes = (value) => (row) => (row % 7 === 3 ? null : value(row));
  return {
    rows: count,
    columns: {
      row: at,
      text: at.map(sometimes((row) => ['', 'é', '日本', 'plain "quoted", text'][row % 4])),
      figure: at.map(sometimes((row) => row / 3 - 100)),
      flag: at.map(sometimes((row) => row % 2 === 0)),
      at: at.map(sometimes((row) => Date.UTC(1960, 0, 1) + row * 86_400_123)),
    },
  };
};
const more = { name: 'later', type: 'string', nullable: false };

await tables.append('t', {
  schema: { fields },
  rows: batch(0, 250_010),
  appId: 'p/d',
  txnVersion: 1,
  info: { batch: 1 },
});
await tables.append('t', {
  schema: { fields },
  rows: batch(250_010, 3),
  appId: 'p/d',
  txnVersion: 2,
  info: { batch: 2 },
});
const last = batch(250_013, 5);
await tables.append('t', {
  schema: { fields: [...fields, more] },
  rows: { ...last, columns: { ...last.columns, later: last.columns.row.map(String) } },
  appId: 'p/d',
  txnVersion: 3,
  info: { batch: 3, source: 'upload' },
});

const versions = [];
for (const { version, info } of await tables.history('t')) {
  const { schema } = await tables.snapshot('t', version);
  const { columns } = await tables.read('t', { version });
  versions.push({ version, info, schema: schema.fields.map((f) => [f.name, f.type, f.nullable]), columns });
}
writeFileSync(
  join(folder, 'expected.json'),
  JSON.stringify({ orderBy: ['row'], versions, transactions: { 'p/d': 3 } }),
);
