// Time and memory of training, pools, Shapley values and networks beside their rivals: writes
// docs/benchmarks/learning-speed.md. See README.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINES, machine, needs, runScript } from './run-process.mjs';

const [python, source, rounds = '3'] = needs('speed.mjs', ' [ROUNDS]');
const SETS = [
  { name: 'synthetic', label: 'synthetic, 100,000 × 20', fits: 3, most: { scikit: 0.8, other: 1.25 } },
  { name: 'wide', label: 'wide, 20,000 × 500', fits: 1, most: { scikit: 0.8, other: 1.25 } },
  {
    name: 'flights',
    label: 'flights, 2,400,000 × 8',
    fits: 1,
    most: { scikit: 0.8, other: 1.25, memory: 1.5 },
  },
];
const EPOCHS = 5;
const folder = mkdtempSync(join(tmpdir(), 'steward-speed-'));
const json = (...args) => JSON.parse(runScript(python, ...args));
try {
  runScript(python, 'make_data.py', source, folder, 'speed');
  const parts = [training(), pools(), shapley(), networks()].flatMap((part) => ['', ...part]);
  const text = [...head(), ...parts, ''].join('\n');
  writeFileSync(new URL('../../../docs/benchmarks/learning-speed.md', import.meta.url), text);
  process.stdout.write(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function head() {
  return [
    '# Speed and memory of @steward/learning',
    '',
    `By \`npm run benchmark:learning-speed\`. ${machine(python, 'scikit-learn lightgbm xgboost')} The machine was shared ` +
      'with other work. Engines took turns, each in processes of their own with one thread, and the best of all runs ' +
      `(${rounds} rounds, half of them on the large sets) counts. Processor time (user and system, all threads) is less disturbed by other work than the clock.`,
  ];
}

/** Runs of all engines in turns. */
function inTurns(times, measure) {
  const runs = ENGINES.map(() => []);
  for (let round = 0; round < times; round++) {
    ENGINES.forEach((engine, i) => runs[i].push(measure(engine)));
  }
  return runs;
}

function best(times, of) {
  return Math.min(...times.map((time) => time[of]));
}

function training() {
  const rows = SETS.flatMap(({ name, label, fits, most }) => {
    // The large sets take long and vary less.
    const turns = Math.ceil(Number(rounds) / (name === 'synthetic' ? 1 : 2));
    const runs = inTurns(turns, (engine) =>
      engine === 'Steward'
        ? json('speed-ours.mjs', folder, name, String(fits))
        : json('speed_rival.py', engine, folder, name, String(fits)),
    ).map((each) => {
      const times = each.flatMap((run) => run.times);
      const rises = each.map(({ memory }) => memory.peak - memory.before);
      return {
        cpu: best(times, 'cpu'),
        wall: best(times, 'wall'),
        rise: Math.max(...rises),
        AUC: each[0].AUC,
      };
    });
    return [...engineRows(label, runs), verdict(label, runs, most)];
  });
  return [
    '## Gradient-boosted trees',
    '',
    '100 trees, 31 leaves, learning rate 0.1, 255 bins, otherwise each engine’s defaults. Binning counted in, loading not. ' +
      'AUC on 50,000, 40,000 and 600,000 other rows; it holds if it is at most 0.002 below the worst rival’s, on the flights below the best’s. Memory: how far the peak of resident memory (VmHWM) during the first fit of a ' +
      'process lies above what was resident before it, the largest of all runs; the data is resident before.',
    '',
    '| training rows | engine | processor s | clock s | Steward ÷ it, processor | Steward ÷ it, clock | memory, MB | AUC |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ];
}

function engineRows(label, runs) {
  const [own] = runs;
  return runs.map(({ cpu, wall, rise, AUC }, i) => {
    const ratios = [(own.cpu / cpu).toFixed(2), (own.wall / wall).toFixed(2)];
    const cells = [
      label,
      ENGINES[i],
      cpu.toFixed(2),
      wall.toFixed(2),
      ...ratios,
      rise.toFixed(0),
      AUC.toFixed(4),
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function verdict(label, [own, scikit, light, xgboost], most) {
  const against = (of) => [own[of] / scikit[of], own[of] / Math.min(light[of], xgboost[of])];
  const holds = (of) => {
    const [first, second] = against(of);
    return first <= most.scikit && second <= most.other ? 'holds' : '**does not hold**';
  };
  const rivals = [scikit, light, xgboost].map(({ AUC }) => AUC);
  const leastAuc = most.memory ? Math.max(...rivals) : Math.min(...rivals);
  const memory = own.rise / light.rise;
  const parts = [
    `processor ${holds('cpu')}`,
    `clock ${holds('wall')}`,
    `AUC ${own.AUC >= leastAuc - 0.002 ? 'holds' : '**does not hold**'}`,
    ...(most.memory
      ? [`memory ${memory.toFixed(2)} × LightGBM’s: ${memory <= most.memory ? 'holds' : '**no**'}`]
      : []),
  ];
  const wanted = `≤ ${most.scikit} × scikit-learn, ≤ ${most.other} × the faster of the others`;
  return `| ${label} | ${wanted}: ${parts.join('; ')} | | | | | | |`;
}

function pools() {
  const runs = json('pool-ours.mjs', folder, String(Number(rounds) + 2));
  const of = (size) => runs.filter((run) => run.size === size);
  const wall = (size) => best(of(size), 'wall');
  const needed = (size) =>
    Math.min(...of(size).map(({ main, worker, all }) => Math.max(main + worker, all / 2)));
  const lines = [1, 2].map((size) => {
    const loads = of(size).map(({ load }) => load.toFixed(1));
    return `| ${size} | ${wall(size).toFixed(2)} | ${needed(size).toFixed(2)} | ${loads.join(' ')} |`;
  });
  const gain = (f) => (f(1) / f(2)).toFixed(2);
  return [
    '## Folds side by side',
    '',
    'Five-fold cross-validation of boosting on the synthetic rows in a pool of one and of two workers, in turns. Five ' +
      'folds take two workers three turns, so 1.67 is the most there is; what goes beyond is other work and the compiler’s own threads. "Needed": the processor time of the main thread ' +
      'and of the busiest worker, or half of that of all threads where it is more: what the clock would show if both cores were free.',
    '',
    '| workers | clock s, best | needed s, best | load average at each run |',
    '|---|---|---|---|',
    ...lines,
    `| faster by | ${gain(wall)} × | ${gain(needed)} × | wanted: ≥ 1.5 × when the second core is free |`,
  ];
}

function shapley() {
  const [theirs, ours] = [[], []];
  let found;
  for (let round = 0; round < Number(rounds); round++) {
    theirs.push(...json('shap_rival.py', folder, '6').times);
    found = json('shap-ours.mjs', folder);
    ours.push(...found.times);
  }
  const ms = (times, of) => (best(times, of) / found.rows) * 1e3;
  const line = (name, of) => {
    const [own, rival] = [ms(ours, of), ms(theirs, of)];
    return `| ${name} | ${own.toFixed(3)} | ${rival.toFixed(3)} | ${(own / rival).toFixed(2)} |`;
  };
  return [
    '## Shapley values of trees',
    '',
    `Exact TreeSHAP of 100 trees of depth 6 that XGBoost learned, on ${found.rows} rows, one in seven with a missing value; ` +
      `the greatest difference of a value is ${found.difference.toExponential(1)} (XGBoost sums in float32). Wanted: ≤ 1.5 × XGBoost.`,
    '',
    '| ms a row | Steward | XGBoost (C++) | Steward ÷ it |',
    '|---|---|---|---|',
    line('processor', 'cpu'),
    line('clock', 'wall'),
  ];
}

function networks() {
  const [ours, theirs] = [
    json('mlp-ours.mjs', folder, String(EPOCHS), '2'),
    json('mlp_rival.py', folder, String(EPOCHS), '2'),
  ];
  const line = (name, { times, AUC }) => {
    const cpu = best(times, 'cpu') / EPOCHS;
    const wall = best(times, 'wall') / EPOCHS;
    return `| ${name} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${AUC.map((value) => value.toFixed(4)).join(', ')} |`;
  };
  return [
    '## Small networks',
    '',
    `Two hidden layers of 64, batches of 256, ${EPOCHS} epochs of Adam on the synthetic rows; seeds 0 and 1. scikit-learn ` +
      'multiplies matrices with a vectorised BLAS.',
    '',
    '| engine | processor s an epoch | clock s an epoch | AUC |',
    '|---|---|---|---|',
    line('Steward', ours),
    line('scikit-learn', theirs),
  ];
}
