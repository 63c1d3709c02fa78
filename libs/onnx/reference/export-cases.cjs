/**
 * Writes ONNX models of every task, predictor and encoder with rows and the plain walk's predictions, for
 * check_cases.py: `node libs/onnx/reference/export-cases.cjs DIR`.
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { loadSource } = require('../../../tools/run/load-source.cjs');

const { writeOnnx } = loadSource('libs/onnx/src/index.ts');
const { randomPipeline, randomTable } = loadSource('libs/onnx/src/testing/random-pipeline.factory.ts');
const { plainPredict } = loadSource('libs/onnx/src/testing/plain-walk.factory.ts');

const ROWS = 200;
const TASKS = ['binary', 'multiclass', 'regression', 'ranking'];
const VARIANTS = [
  { trees: 30, depth: 5 },
  { trees: 8, depth: 14, leafWise: true },
  { trees: 20, forest: true },
  { predictor: 'linear' },
  { trees: 0 },
  { depth: 0 },
];

/** JSON has no notation for these; Python's float() reads all of them. */
const text = (value) => (Object.is(value, -0) ? '-0.0' : String(value));

function cellsOf(column) {
  if (column.kind === 'categorical') {
    return Array.from(column.codes, (code) => (code < 0 ? '' : column.categories[code]));
  }
  return Array.from(column.values, column.kind === 'boolean' ? (value) => value === 1 : text);
}

const dir = process.argv[2];
if (dir === undefined) throw new Error('Say where to write the cases.');
mkdirSync(dir, { recursive: true });
let seed = 0;
for (const task of TASKS) {
  for (const variant of VARIANTS) {
    const fitted = randomPipeline({ ...variant, task, seed: ++seed });
    const table = randomTable(seed, ROWS);
    const name = join(dir, `case-${String(seed).padStart(2, '0')}`);
    writeFileSync(`${name}.onnx`, writeOnnx(fitted, { case: String(seed) }));
    const inputs = Object.fromEntries(table.columns.map((column) => [column.name, cellsOf(column)]));
    const expected = Array.from(plainPredict(fitted, table), text);
    writeFileSync(
      `${name}.json`,
      JSON.stringify({ task, ...variant, classes: fitted.classes, inputs, expected }),
    );
  }
}
process.stdout.write(`${seed} cases written\n`);
