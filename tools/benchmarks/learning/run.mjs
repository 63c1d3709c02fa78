// Runs all engines on all data sets and writes docs/benchmarks/learning.md. See README.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [python, source, repeats = '1'] = process.argv.slice(2);
if (!python || !source) throw new Error('Usage: node run.mjs PYTHON FOLDER_WITH_DATA [REPEATS]');
const ENGINES = ['Steward', 'scikit-learn', 'LightGBM', 'XGBoost'];
const run = (file, args) =>
  execFileSync(file, args, { maxBuffer: 1 << 24, stdio: ['ignore', 'pipe', 'inherit'] }).toString();

const folder = mkdtempSync(join(tmpdir(), 'steward-learning-'));
try {
  run(python, [join(here, 'make_data.py'), source, folder, repeats]);
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  const measure = (engine, mode, name) => {
    const args = [mode, folder, name];
    const out =
      engine === 'Steward'
        ? run(process.execPath, ['--expose-gc', join(here, 'ours.mjs'), ...args])
        : run(python, [join(here, 'rivals.py'), engine, ...args]);
    process.stderr.write(`${engine} ${mode} ${name}: ${out}`);
    return JSON.parse(out);
  };
  const lines = [...head(), '', ...speedTable(meta, measure), '', ...qualityTable(meta, measure), ''];
  writeFileSync(join(here, '../../../docs/benchmarks/learning.md'), lines.join('\n'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function head() {
  const versions = run(python, [
    '-c',
    'import sklearn,lightgbm,xgboost;print(f"scikit-learn {sklearn.__version__}, LightGBM {lightgbm.__version__}, XGBoost {xgboost.__version__}")',
  ]).trim();
  return [
    '# Benchmarks of @steward/learning',
    '',
    `Written by tools/benchmarks/learning on ${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `Node ${process.version}; ${versions}. The machine was shared with other work: read the ratios, not the seconds.`,
    '',
    'Gradient-boosted trees: 100 trees, 31 leaves, learning rate 0.1, 255 bins, otherwise each engine’s defaults; one ' +
      'thread; binning counted in, loading not.',
  ];
}

function speedTable(meta, measure) {
  const rows = ['synthetic', 'wide', 'flights'].flatMap((name) => {
    const { rows, features } = meta[name];
    const results = ENGINES.map((engine) => ({ engine, ...measure(engine, 'speed', name) }));
    const own = results[0].seconds;
    return results.map(
      ({ engine, seconds, memoryMB, auc }) =>
        `| ${name}, ${Math.round(rows * 0.8)} × ${features} | ${engine} | ${seconds.toFixed(2)} | ${(own / seconds).toFixed(2)} | ${memoryMB.toFixed(0)} | ${auc.toFixed(4)} |`,
    );
  });
  return [
    '## Speed',
    '',
    'Seconds of processor time (user and system, all threads of the process: it is less disturbed by other work than the clock), best of several fits (one on flights). Memory is how far the process’s resident memory rose above what the data took before the fit (V8 gives memory back late, so that Steward’s is a lower bound).',
    '',
    '| training rows | engine | CPU s | Steward ÷ it | memory, MB | AUC on the held-out fifth |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
}

function qualityTable(meta, measure) {
  const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const deviation = (values) => Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));
  const rows = Object.keys(meta)
    .filter((name) => meta[name].repeats)
    .flatMap((name) => {
      const results = ENGINES.map((engine) => measure(engine, 'quality', name));
      return Object.keys(results[0]).map((metric) => {
        const cells = results.map(
          (r) => `${mean(r[metric]).toFixed(4)} ± ${deviation(r[metric]).toFixed(4)}`,
        );
        return `| ${name}, ${meta[name].rows} rows | ${metric} | ${cells.join(' | ')} |`;
      });
    });
  return [
    '## Quality',
    '',
    `Mean and deviation over ${repeats} × 5 folds, the same folds for all.`,
    '',
    `| data | measure | ${ENGINES.join(' | ')} |`,
    `|---|---|${ENGINES.map(() => '---').join('|')}|`,
    ...rows,
  ];
}
