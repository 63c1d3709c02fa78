// The library on one data set, every fold: `quality-ours.mjs FOLDER NAME`. Prints the measures of each fold as JSON.
import { L, readData } from './data.mjs';
import { scores } from './measures.mjs';
import { ALIKE } from './settings.mjs';

const [folder, name] = process.argv.slice(2);
const { meta, doubles, every, part } = readData(folder, name);
const folds = doubles('folds');
const parts = [];
for (let repeat = 0; repeat < meta.repeats; repeat++) {
  const foldOf = (row) => folds[repeat * meta.rows + row];
  for (let k = 0; k < 5; k++) {
    const train = part(every.filter((row) => foldOf(row) !== k));
    const test = part(every.filter((row) => foldOf(row) === k));
    const fitted = L.learners.gbm(ALIKE).fit(train.table, train.target);
    parts.push(scores(fitted, test.table, test.target));
  }
}
const byMeasure = Object.keys(parts[0]).map((key) => [key, parts.map((each) => each[key])]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(byMeasure))}\n`);
