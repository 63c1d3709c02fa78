// The data that make_data.py wrote, as the library's tables and targets.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
/** The built library. */
export const L = require('@steward/learning');

/** A data set of make_data.py: `whole()`, and `part(rows)` for a list of rows, each { table, target }. */
export function readData(folder, name) {
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'))[name];
  const { rows, features, task, categorical } = meta;
  const doubles = (kind) => {
    const bytes = readFileSync(join(folder, `${name}.${kind}`));
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  };
  const [x, y] = [doubles('x'), doubles('y')];
  const groups = task === 'ranking' ? Int32Array.from(doubles('groups')) : null;
  const columnOf = (j, take) => {
    const values = take(x.subarray(j * rows, (j + 1) * rows));
    if (!categorical.includes(j)) return L.numericColumn(`x${j}`, values);
    const names = Array.from(values, (v) => (Number.isNaN(v) ? null : `c${v}`));
    return L.categoricalColumn(`x${j}`, names);
  };
  const targetOf = (take) => {
    if (task === 'ranking') return L.rankingTarget(take(y), Int32Array.from(take(groups)));
    return task === 'binary' ? L.binaryTarget(take(y)) : L.regressionTarget(take(y));
  };
  const taken = (take) => ({
    table: L.createTable(Array.from({ length: features }, (_, j) => columnOf(j, take))),
    target: targetOf(take),
  });
  return {
    meta,
    doubles,
    every: Int32Array.from({ length: rows }, (_, i) => i),
    /** Columns are parts of what was read, not copies of it. */
    whole: () => taken((values) => values),
    part: (chosen) =>
      taken((values) => {
        const out = new Float64Array(chosen.length);
        for (let i = 0; i < chosen.length; i++) out[i] = values[chosen[i]];
        return out;
      }),
  };
}
