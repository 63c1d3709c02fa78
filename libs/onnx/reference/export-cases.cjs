/**
 * Writes ONNX models with rows and predictions for check_cases.py: `node libs/onnx/reference/export-cases.cjs DIR`.
 * Random pipelines of every task, predictor and encoder with the plain walk's predictions, and what libs/learning
 * fitted (every learner, loss, encoder, calibration and edge case of the tests) with the learner's own.
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { loadSource } = require('../../../tools/run/load-source.cjs');

const { predict } = loadSource('libs/learning/src/index.ts');
const { writeOnnx } = loadSource('libs/onnx/src/index.ts');
const { learnedCases } = loadSource('libs/onnx/src/testing/learned-cases.factory.ts');
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
let count = 0;

function write(name, fitted, table, predictions) {
  const file = join(dir, `case-${String(++count).padStart(3, '0')}`);
  writeFileSync(`${file}.onnx`, writeOnnx(fitted, { case: name }));
  const inputs = Object.fromEntries(table.columns.map((column) => [column.name, cellsOf(column)]));
  const expected = Array.from(predictions, text);
  writeFileSync(`${file}.json`, JSON.stringify({ name, classes: fitted.classes, inputs, expected }));
}

let seed = 0;
for (const task of TASKS) {
  for (const variant of VARIANTS) {
    const fitted = randomPipeline({ ...variant, task, seed: ++seed });
    const table = randomTable(seed, ROWS);
    write(`random ${task} ${JSON.stringify(variant)}`, fitted, table, plainPredict(fitted, table));
  }
}
for (const { name, fitted: fit, table } of learnedCases()) {
  const fitted = fit();
  write(name, fitted, table, predict(fitted, table));
}
process.stdout.write(`${count} cases written\n`);
