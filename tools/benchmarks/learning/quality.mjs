// Cross-validated quality of boosting against its rivals: writes docs/benchmarks/learning-quality.md. See README.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINES, machine, needs, runScript } from './run-process.mjs';
import { ALIKE_IN_WORDS } from './settings.mjs';

const [python, source, repeats = '5'] = needs(process.argv.slice(2), 'quality.mjs', ' [REPEATS]');
const MAY_DIFFER = 0.002;
const LARGE = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'steward-quality-'));
try {
  runScript(python, 'make_data.py', source, folder, 'quality', repeats);
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  const rows = Object.keys(meta).flatMap((name) => rowsOf(name, meta[name]));
  const text = page(rows);
  writeFileSync(new URL('../../../docs/benchmarks/learning-quality.md', import.meta.url), text);
  process.stdout.write(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function rowsOf(name, { rows }) {
  const results = ENGINES.map((engine) =>
    JSON.parse(
      engine === 'Steward'
        ? runScript(python, 'quality-ours.mjs', folder, name)
        : runScript(python, 'quality_rival.py', engine, folder, name),
    ),
  );
  return Object.keys(results[0]).map((measure) => {
    const folds = results.map((result) => result[measure]);
    const [own, ...rivals] = folds.map(mean);
    const better = ['AUC', 'NDCG@10'].includes(measure) ? 1 : -1;
    const ahead = rivals.map((rival) => (own - rival) * better);
    const [fromWorst, fromBest] = [Math.max(...ahead), Math.min(...ahead)];
    const fine = fromWorst >= -MAY_DIFFER && (rows <= LARGE || fromBest >= -MAY_DIFFER);
    const cells = folds.map((each) => `${mean(each).toFixed(4)} ± ${deviation(each).toFixed(4)}`);
    const verdict = [signed(fromWorst), signed(fromBest), fine ? 'yes' : '**no**'];
    return `| ${[`${name}, ${rows} rows`, measure, ...cells, ...verdict].join(' | ')} |`;
  });
}

function mean(values) {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

function deviation(values) {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}

function signed(value) {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

function page(rows) {
  const columns = ['data', 'measure', ...ENGINES, 'ahead of the worst', 'ahead of the best', 'holds'];
  return [
    '# Quality of boosting in @steward/learning',
    '',
    `By \`npm run benchmark:learning-quality\`. ${machine(python, 'scikit-learn lightgbm xgboost')}`,
    '',
    `Mean and standard deviation over ${repeats} × 5 folds, the same folds for all engines. ${ALIKE_IN_WORDS}; ` +
      'categories natively.',
    '',
    `"Holds": not worse than the worst rival by more than ${MAY_DIFFER}, and on data above ${LARGE} rows not worse than ` +
      'the best by more than that. "Ahead" is positive where Steward is better.',
    '',
    '`flights-ranking`: which flights of an airport’s day were late, in grades (delay above 0, 15, 45, 120 minutes), every ' +
      '15th day and origin of the flights of 2001 with at least 5 flights; folds by group. Steward and LightGBM learn by ' +
      'LambdaMART, XGBoost by rank:ndcg; scikit-learn has no ranking loss and learns the grade by squared loss.',
    '',
    `| ${columns.join(' | ')} |`,
    `|${columns.map(() => '---').join('|')}|`,
    ...rows,
    '',
  ].join('\n');
}
