// The library on one data set, in a process of its own: the twin of rivals.py.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const L = require('@steward/learning');
const [mode, folder, name] = process.argv.slice(2);
const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'))[name];
const { rows, features, task } = meta;

function doubles(file) {
  const bytes = readFileSync(join(folder, file));
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
}
const x = doubles(`${name}.x`);
const y = doubles(`${name}.y`);

function columnOf(j, chosen) {
  const values = Float64Array.from(chosen, (row) => x[j * rows + row]);
  if (!meta.categorical.includes(j)) return L.numericColumn(`x${j}`, values);
  return L.categoricalColumn(
    `x${j}`,
    Array.from(values, (v) => (Number.isNaN(v) ? null : `c${v}`)),
  );
}
const tableOf = (chosen) => L.createTable(Array.from({ length: features }, (_, j) => columnOf(j, chosen)));
const targetOf = (chosen) => {
  const values = Float64Array.from(chosen, (row) => y[row]);
  return task === 'binary' ? L.binaryTarget(values) : L.regressionTarget(values);
};
const every = Int32Array.from({ length: rows }, (_, i) => i);

function auc(p, truth) {
  const order = Int32Array.from(p.keys()).sort((a, b) => p[a] - p[b]);
  let [sum, positives] = [0, 0];
  for (let i = 0; i < order.length;) {
    let j = i;
    while (j < order.length && p[order[j]] === p[order[i]]) j++;
    for (let k = i; k < j; k++) {
      if (truth[order[k]] !== 1) continue;
      sum += (i + j + 1) / 2;
      positives++;
    }
    i = j;
  }
  return (sum - (positives * (positives + 1)) / 2) / (positives * (p.length - positives));
}

function scores(fitted, table, truth) {
  const p = L.predictPositive(fitted, table);
  const mean = (of) => p.reduce((sum, v, i) => sum + of(v, truth[i]), 0) / p.length;
  if (task === 'regression') return { rmse: Math.sqrt(mean((v, t) => (v - t) ** 2)) };
  const clip = (v) => Math.min(Math.max(v, 1e-15), 1 - 1e-15);
  return { auc: auc(p, truth), logLoss: mean((v, t) => -Math.log(t === 1 ? clip(v) : 1 - clip(v))) };
}

function resident(key) {
  return Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}

function speed() {
  const train = every.filter((row) => row % 5 !== 4);
  const test = every.filter((row) => row % 5 === 4);
  const [table, target] = [tableOf(train), targetOf(train)];
  globalThis.gc?.();
  const before = resident('VmRSS');
  // Sets the peak back to what is resident now.
  writeFileSync('/proc/self/clear_refs', '5');
  const times = [];
  let fitted;
  for (let i = 0; i < (rows <= 1_000_000 ? 4 : 1); i++) {
    const start = process.cpuUsage();
    fitted = L.learners.gbm().fit(table, target);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1e6);
  }
  const memoryMB = (resident('VmHWM') - before) / 1024;
  return { seconds: Math.min(...times), memoryMB, ...scores(fitted, tableOf(test), targetOf(test).values) };
}

function quality() {
  const folds = doubles(`${name}.folds`);
  const parts = [];
  for (let r = 0; r < meta.repeats; r++) {
    for (let k = 0; k < 5; k++) {
      const train = every.filter((row) => folds[r * rows + row] !== k);
      const test = every.filter((row) => folds[r * rows + row] === k);
      const fitted = L.learners.gbm().fit(tableOf(train), targetOf(train));
      parts.push(scores(fitted, tableOf(test), targetOf(test).values));
    }
  }
  return Object.fromEntries(Object.keys(parts[0]).map((key) => [key, parts.map((part) => part[key])]));
}

process.stdout.write(`${JSON.stringify(mode === 'speed' ? speed() : quality())}\n`);
