/**
 * The compiled scorer against ONNX Runtime on the same models and rows, one thread each:
 * `node tools/benchmarks/scoring/run.cjs`. Needs nothing but the installed packages; takes about half a minute and
 * writes docs/benchmarks/scoring.md.
 */
const { cpus } = require('node:os');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const ort = require('onnxruntime-node');
const { loadSource } = require('../../run/load-source.cjs');
const { pipeline, rows } = require('./models.cjs');
const { oneTensor } = require('./one-tensor.cjs');

const { compileScorer, writeOnnx } = loadSource('libs/onnx/src/index.ts');
const encode = loadSource('libs/onnx/src/format/encode-onnx.ts');
const decode = loadSource('libs/onnx/src/format/decode-onnx.ts');

const ROWS = 1000;
const FEATURES = 20;
const MODELS = [
  { name: '100 trees of depth 6', trees: 100, features: FEATURES, shape: 'depth', seed: 1 },
  { name: '100 trees of 31 leaves', trees: 100, features: FEATURES, shape: 'leaves', seed: 2 },
];

/** Median, 99th percentile (microseconds) of single calls. */
async function latency(call, calls) {
  for (let i = 0; i < calls; i++) await call(i % ROWS);
  const times = new Float64Array(calls);
  for (let i = 0; i < calls; i++) {
    const start = process.hrtime.bigint();
    await call(i % ROWS);
    times[i] = Number(process.hrtime.bigint() - start) / 1000;
  }
  times.sort();
  return { median: times[calls >> 1], p99: times[Math.floor(calls * 0.99)] };
}

/** The clock costs about as much as a row, so rows are timed a hundred at a time. */
function rowLatency(call) {
  const batches = 2000;
  for (let i = 0; i < 20_000; i++) call(i % ROWS);
  const times = new Float64Array(batches);
  for (let batch = 0; batch < batches; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 100; i++) call((batch * 100 + i) % ROWS);
    times[batch] = Number(process.hrtime.bigint() - start) / 100_000;
  }
  times.sort();
  return { median: times[batches >> 1], p99: times[Math.floor(batches * 0.99)] };
}

const us = ({ median, p99 }) => `${median.toFixed(2)} / ${p99.toFixed(2)} µs`;
const rate = ({ median }) => `${median.toFixed(0)} µs (${((ROWS / median) * 1e3).toFixed(0)}k rows/s)`;

async function measure(model, missing) {
  const fitted = pipeline(model);
  const dense = rows({ count: ROWS, features: FEATURES, missing, seed: 3 });
  const scorer = compileScorer(fitted);
  const out = new Float64Array(ROWS * 2);
  const cells = Array.from({ length: ROWS }, (_, i) =>
    Array.from(dense.subarray(i * FEATURES, (i + 1) * FEATURES)),
  );
  const bytes = oneTensor(writeOnnx(fitted, {}), decode, encode);
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const single = new Float32Array(FEATURES);
  const runtimeRow = (i) => {
    for (let j = 0; j < FEATURES; j++) single[j] = dense[i * FEATURES + j];
    return session.run({ X: new ort.Tensor('float32', single, [1, FEATURES]) });
  };
  const all = new ort.Tensor('float32', Float32Array.from(dense), [ROWS, FEATURES]);
  const answer = await session.run({ X: all });
  scorer.scoreDenseBatch(dense, ROWS, out);
  const apart = answer.Y.data.reduce((most, each, i) => Math.max(most, Math.abs(each - out[i])), 0);
  if (!(apart < 1e-6)) throw new Error(`The two differ by ${apart}.`);
  return {
    model: `${model.name}${missing ? `, ${missing * 100} % missing` : ''}`,
    dense: rowLatency((i) => scorer.scoreDense(dense, i * FEATURES, out, 0)),
    cells: rowLatency((i) => scorer.scoreRow(cells[i], out, 0)),
    runtime: await latency(runtimeRow, 20_000),
    batch: await latency(() => scorer.scoreDenseBatch(dense, ROWS, out), 300),
    runtimeBatch: await latency(() => session.run({ X: all }), 300),
  };
}

async function main() {
  const results = [];
  for (const model of MODELS) for (const missing of [0, 0.1]) results.push(await measure(model, missing));
  const lines = results.map((r) => {
    const faster = (r.runtime.median / r.dense.median).toFixed(1);
    const wider = (r.runtimeBatch.median / r.batch.median).toFixed(1);
    return `| ${r.model} | ${us(r.dense)} | ${us(r.cells)} | ${us(r.runtime)} | ${faster} × | ${rate(r.batch)} | ${rate(r.runtimeBatch)} | ${wider} × |`;
  });
  const text = `# Scoring: the compiled scorer against ONNX Runtime

Made by \`node tools/benchmarks/scoring/run.cjs\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} cores, Node.js ${process.version}, onnxruntime-node ${require('onnxruntime-node/package.json').version} (CPU, one thread). ${FEATURES} numeric features, half of the splits send missing values left. Both engines run the same model and agree to 1e-6 on all rows. ONNX Runtime runs it in its fastest form: one TreeEnsembleClassifier over one float32 tensor.

One row: median / 99th percentile, from encoded features and from a list of cells; for the scorer means of 100 rows at a time, as the clock is too coarse for one. ONNX Runtime's time includes the tensor and the promise, which no caller can avoid. ${ROWS} rows: median.

| model | scorer, features | scorer, cells | ONNX Runtime | faster | scorer, ${ROWS} rows | ONNX Runtime, ${ROWS} rows | faster |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
  writeFileSync(join(__dirname, '../../../docs/benchmarks/scoring.md'), text);
  process.stdout.write(text);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
