// Time, memory and AUC of training, pools, Shapley values and networks beside their rivals: writes
// docs/benchmarks/learning-speed.md. See README.md.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ENGINES, machine, needs, runScript } from './run-process.mjs';
import { page } from './speed-page.mjs';
import { EPOCHS, SETS } from './speed-sets.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    keep: { type: 'string' },
    part: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '3' },
  },
});
const [python, source] = needs(positionals, 'speed.mjs', ' --keep FOLDER [--part PART]... [--rounds ROUNDS]');
if (!values.keep)
  throw new Error('--keep FOLDER is missing: where data and results of all parts are gathered.');
const folder = resolve(values.keep);
const results = join(folder, 'runs.jsonl');
mkdirSync(folder, { recursive: true });

/** Each adds to what was measured before: a round of times, a seed of AUC, and so on. */
const parts = {
  ...Object.fromEntries(SETS.map((set) => [set.name, () => training(set)])),
  ...Object.fromEntries(SETS.map((set) => [`auc-${set.name}`, () => quality(set)])),
  pools: () => keep({ part: 'pools', runs: json('pool-ours.mjs', dataOf('synthetic', 0), '3') }),
  shapley,
  networks,
  page: write,
};
const whole = [
  ...Array.from({ length: Number(values.rounds) }, () => [...SETS.map(({ name }) => name), 'shapley']).flat(),
  ...SETS.flatMap(({ name, seeds }) => Array.from({ length: seeds }, () => `auc-${name}`)),
  'pools',
  'networks',
  'page',
];
for (const part of values.part ?? whole) {
  if (!Object.hasOwn(parts, part)) {
    throw new Error(`There is no part "${part}": ${Object.keys(parts).join(', ')}.`);
  }
  parts[part]();
}

function json(...args) {
  return JSON.parse(runScript(python, ...args));
}

function keep(run) {
  appendFileSync(results, `${JSON.stringify(run)}\n`);
}

/** Writes the data of a set unless it stands there: seed 0 for times, others for AUC. */
function dataOf(name, seed) {
  const place = join(folder, `${name}-${seed}`);
  if (!existsSync(join(place, 'meta.json')))
    runScript(python, 'make_data.py', source, place, 'speed', name, seed);
  return place;
}

function run(engine, ...args) {
  return engine === 'Steward' ? json('speed-ours.mjs', ...args) : json('speed_rival.py', engine, ...args);
}

/** One round: all engines in turn. */
function training({ name, fits }) {
  const data = dataOf(name, 0);
  for (const engine of ENGINES) keep({ part: name, engine, ...run(engine, data, name, String(fits)) });
}

/** One more seed. */
function quality({ name }) {
  const part = `auc-${name}`;
  const seed = Math.max(0, ...kept().map((run) => (run.part === part ? run.seed : 0))) + 1;
  const data = dataOf(name, seed);
  for (const engine of ENGINES) keep({ part, engine, seed, AUC: run(engine, data, name, '1').AUC });
}

function shapley() {
  const data = dataOf('synthetic', 0);
  keep({ part: 'shapley', rival: json('shap_rival.py', data, '6'), own: json('shap-ours.mjs', data) });
}

function networks() {
  const data = dataOf('synthetic', 0);
  for (const [engine, script] of [
    ['Steward', 'mlp-ours.mjs'],
    ['scikit-learn', 'mlp_rival.py'],
  ]) {
    keep({ part: 'networks', engine, ...json(script, data, String(EPOCHS), '3') });
  }
}

function kept() {
  if (!existsSync(results)) return [];
  const lines = readFileSync(results, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function write() {
  const text = page(kept(), machine(python, 'scikit-learn lightgbm xgboost'));
  writeFileSync(new URL('../../../docs/benchmarks/learning-speed.md', import.meta.url), text);
  process.stdout.write(text);
}
