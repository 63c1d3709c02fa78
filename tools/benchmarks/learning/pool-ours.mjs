// Five-fold cross-validation in pools of one and of two workers, in turns: `pool-ours.mjs FOLDER REPEATS`. For each run
// prints wall time, processor time of the main thread, of the busiest worker and of all threads, and the load.
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { L, readData } from './data.mjs';

const TICK = 0.01;
const [folder, repeats] = process.argv.slice(2);
const data = L.shareData(readData(folder, 'synthetic-train').whole());
const folds = L.stratifiedFolds(data.target, 5, 1);
const pools = [1, 2].map((size) => ({ size, pool: new L.LearningPool({ size }) }));
const learner = { name: 'gbm', params: {} };

/** Processor seconds of each thread of this process. */
function threads() {
  return new Map(
    readdirSync('/proc/self/task').map((id) => {
      const fields = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ')[1].split(' ');
      return [Number(id), (Number(fields[11]) + Number(fields[12])) * TICK];
    }),
  );
}

async function run({ size, pool }) {
  const [load] = loadavg();
  const before = threads();
  const start = performance.now();
  await L.crossValidateInPool(pool, { learner, data, folds, seed: 1 });
  const wall = (performance.now() - start) / 1e3;
  const spent = [...threads()].map(([id, cpu]) => ({ id, cpu: cpu - (before.get(id) ?? 0) }));
  const main = spent.find(({ id }) => id === process.pid).cpu;
  const worker = Math.max(...spent.filter(({ id }) => id !== process.pid).map(({ cpu }) => cpu));
  return { size, wall, main, worker, all: spent.reduce((sum, { cpu }) => sum + cpu, 0), load };
}

// The first run of each starts the workers and warms them up.
for (const each of pools) await run(each);
const runs = [];
for (let i = 0; i < Number(repeats); i++) for (const each of pools) runs.push(await run(each));
await Promise.all(pools.map(({ pool }) => pool.close()));
process.stdout.write(`${JSON.stringify(runs)}\n`);
