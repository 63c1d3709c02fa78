/** Inference as it is built, on a real database with fsync, serving the benchmark's model. */
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { createHash } = require('node:crypto');
const { loadSource } = require('../../run/load-source.cjs');
const { pipeline } = require('../scoring/models.cjs');
const { FEATURES } = require('./requests.cjs');

const ROOT = join(__dirname, '..', '..', '..');

/** PostgreSQL with its defaults, for as long as the benchmark runs. */
async function startDatabase() {
  const { EmbeddedPostgres } = loadSource('libs/database/src/embedded/embedded-postgres.ts');
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-benchmark-'));
  const postgres = await EmbeddedPostgres.start({ dataDir });
  process.env.STEWARD_TEST_POSTGRES_URL = postgres.ownerUrl;
  return async () => {
    await postgres.stop();
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  };
}

const fittedModel = (seed = 1) => pipeline({ trees: 100, features: FEATURES, shape: 'depth', seed });

/** 100 trees of depth 6 as a champion. Another seed: another model. */
function model(version, seed = version) {
  const { writeOnnx } = loadSource('libs/onnx/src/index.ts');
  const { descriptor } = loadSource('apps/inference/src/infer/descriptor.factory.ts');
  const onnx = Buffer.from(writeOnnx(fittedModel(seed), {}));
  const digest = createHash('sha256').update(onnx).digest('hex');
  return {
    onnx,
    descriptor: descriptor({
      model: 'trees',
      version,
      digest,
      sizeBytes: onnx.byteLength,
      inputs: Array.from({ length: FEATURES }, (_, i) => ({ name: `x${i}`, kind: 'numeric' })),
      sensitive: [],
      groups: [],
    }),
  };
}

/** How the benchmark's model is served: as a person would have put the plan. */
async function plan(house, log) {
  const { DeploymentPlan } = loadSource('apps/inference/src/deployments/deployment-plan.ts');
  const text = JSON.stringify(DeploymentPlan.parse({ log }));
  await house.owner.query(
    `INSERT INTO inference.deployment_plan (project, model, version, digest, plan, changed_by, correlation)
     VALUES ('lending', 'trees', 1, $1, $2, 'benchmark', 'benchmark')`,
    [createHash('sha256').update(text).digest('hex'), text],
  );
}

/** A running inference that serves version 1, logging as `log` says. */
async function startSteward({ log = { mode: 'buffered' }, ...environment } = {}) {
  const { InferenceProcess } = loadSource('apps/inference/test/support/inference-process.ts');
  const house = await InferenceProcess.open({
    main: join(ROOT, 'apps', 'inference', 'dist', 'main.js'),
    // As the platform starts it (tools/start/src/supervised-process.ts).
    execArgv: ['--v8-pool-size=1'],
    environment: { STEWARD_LOG_LEVEL: 'error', ...environment },
  });
  await plan(house, log);
  await serve(house, model(1));
  await house.start();
  const ready = () =>
    fetch(`${house.url}/v2/models/lending.trees/ready`, { headers: { authorization: house.authorization } });
  while (!(await ready()).ok) await new Promise((resolve) => setTimeout(resolve, 25));
  return house;
}

/** Rows a second of the scorer on one thread, 1,024 at a time. */
function inProcessRowsPerSecond() {
  const { compileScorer } = loadSource('libs/onnx/src/index.ts');
  const scorer = compileScorer(fittedModel());
  const columns = Array.from({ length: FEATURES }, (_, i) =>
    Float64Array.from({ length: 1024 }, (_row, row) => ((i + row * 7) % 100) / 100),
  );
  const out = new Float64Array(2048);
  for (let i = 0; i < 200; i++) scorer.scoreBatch(columns, 1024, out);
  const cpu = process.cpuUsage();
  for (let i = 0; i < 1_000; i++) scorer.scoreBatch(columns, 1024, out);
  return (1_000 * 1024) / (process.cpuUsage(cpu).user / 1e6);
}

async function serve(house, { onnx, descriptor }) {
  await house.artifacts.put(onnx);
  await house.champion(descriptor);
}

module.exports = { fittedModel, inProcessRowsPerSecond, model, plan, startDatabase, startSteward };
