// The library's network on synthetic-train: `mlp-ours.mjs FOLDER EPOCHS FITS`. Prints times and AUC as JSON.
import { L, readData } from './data.mjs';
import { scores } from './measures.mjs';
import { timed } from './timing.mjs';

const [folder, epochs, fits] = process.argv.slice(2);
const { table, target } = readData(folder, 'synthetic-train').whole();
const test = readData(folder, 'synthetic-test').whole();
const params = { hidden: [64, 64], batchSize: 256, maxEpochs: Number(epochs), earlyStoppingRounds: 0 };
const learner = L.learners.mlp(params);
const runs = Array.from({ length: Number(fits) }, (_, seed) =>
  timed(() => learner.fit(table, target, { seed })),
);
const quality = runs.map(([, fitted]) => scores(fitted, test.table, test.target));
process.stdout.write(
  `${JSON.stringify({ times: runs.map(([time]) => time), AUC: quality.map(({ AUC }) => AUC) })}\n`,
);
