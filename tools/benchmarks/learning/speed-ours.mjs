// The library's boosting on NAME-train: `speed-ours.mjs FOLDER NAME FITS`. Prints times, peak memory and AUC as JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { L, readData } from './data.mjs';
import { scores } from './measures.mjs';
import { ALIKE } from './settings.mjs';
import { timed } from './timing.mjs';

const [folder, name, fits] = process.argv.slice(2);
const { table, target } = readData(folder, `${name}-train`).whole();
const learner = L.learners.gbm(ALIKE);
// What was needed to read the data goes first, so that it is not counted, and nothing of it is there to be used again.
for (let i = 0; i < 3; i++) globalThis.gc();
const before = resident('VmRSS');
// Sets the peak back to what is resident now.
writeFileSync('/proc/self/clear_refs', '5');
const times = [];
let memory;
let fitted;
for (let i = 0; i < Number(fits); i++) {
  const [time, model] = timed(() => learner.fit(table, target));
  times.push(time);
  fitted = model;
  // Of the first fit alone: later ones find its garbage.
  memory ??= { before, peak: resident('VmHWM') };
}
const test = readData(folder, `${name}-test`).whole();
const { AUC } = scores(fitted, test.table, test.target);
process.stdout.write(`${JSON.stringify({ times, memory, AUC })}\n`);

function resident(key) {
  return Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}
