// The page of what speed.mjs measured.
import { ENGINES } from './run-process.mjs';
import { ALIKE_IN_WORDS } from './settings.mjs';
import { EPOCHS, SETS } from './speed-sets.mjs';

const MAY_DIFFER = 0.002;
const least = (values) => Math.min(...values);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (columns, rows) => [row(columns), row(columns.map(() => '---')), ...rows.map(row)];
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
const verdict = (holds) => (holds ? 'holds' : '**does not hold**');

/** `runs` are the lines of runs.jsonl, `about` says where they were made. */
export function page(runs, about) {
  const sections = [training(runs), quality(runs), pools(runs), shapley(runs), networks(runs)];
  return [
    '# Speed and memory of @steward/learning',
    '',
    `By \`npm run benchmark:learning-speed\`. ${about} Nothing else ran on the machine while times were taken. Engines ` +
      'took turns, each in processes of their own with one thread; the best of all rounds counts. Processor time is user ' +
      'and system time of all threads.',
    ...sections.flatMap((section) => ['', ...section]),
    '',
  ].join('\n');
}

function training(runs) {
  const all = SETS.map((set) => {
    const each = ENGINES.map((engine) => figures(runs, set.name, engine));
    return { set, each };
  });
  const rows = all.flatMap(({ set, each }) =>
    each.map(({ cpu, wall, rise }, i) => [
      set.label,
      ENGINES[i],
      cpu.toFixed(2),
      wall.toFixed(2),
      (each[0].cpu / cpu).toFixed(2),
      (each[0].wall / wall).toFixed(2),
      rise.toFixed(0),
    ]),
  );
  const verdicts = all.map(({ set, each: [own, scikit, light, xgboost] }) => {
    const holds = (of) =>
      own[of] <= set.most.scikit * scikit[of] && own[of] <= set.most.other * least([light[of], xgboost[of]]);
    const memory = own.rise / light.rise;
    return [
      set.label,
      own.rounds,
      verdict(holds('cpu')),
      verdict(holds('wall')),
      `${memory.toFixed(2)} × LightGBM’s${set.most.memory ? `: ${verdict(memory <= set.most.memory)}` : ''}`,
    ];
  });
  return [
    '## Gradient-boosted trees',
    '',
    `${ALIKE_IN_WORDS}. Binning counted in, loading not. Memory: how far the peak of resident memory (VmHWM) during the ` +
      'first fit of a process lies above what was resident before it, the largest of all rounds; the data is resident before.',
    '',
    ...table(
      [
        'training rows',
        'engine',
        'processor s',
        'clock s',
        'Steward ÷ it, processor',
        'Steward ÷ it, clock',
        'memory, MB',
      ],
      rows,
    ),
    '',
    'Wanted: at most 0.8 × scikit-learn’s time and 1.25 × that of the faster of LightGBM and XGBoost; on the flights at ' +
      'most 1.5 × LightGBM’s memory.',
    '',
    ...table(['training rows', 'rounds', 'processor', 'clock', 'memory'], verdicts),
  ];
}

function figures(runs, name, engine) {
  const own = runs.filter((run) => run.part === name && run.engine === engine);
  const times = own.flatMap((run) => run.times);
  return {
    rounds: own.length,
    cpu: least(times.map(({ cpu }) => cpu)),
    wall: least(times.map(({ wall }) => wall)),
    rise: Math.max(...own.map(({ memory }) => memory.peak - memory.before)),
  };
}

function quality(runs) {
  const rows = SETS.flatMap(({ name, label, tested }) => {
    const of = (engine) =>
      runs
        .filter((run) => run.part === `auc-${name}` && run.engine === engine)
        .sort((a, b) => a.seed - b.seed)
        .map(({ AUC }) => AUC);
    const own = of('Steward');
    const best = Math.max(...ENGINES.map((engine) => mean(of(engine))));
    return ENGINES.map((engine) => {
      const values = of(engine);
      const ahead = own.map((value, i) => value - values[i]);
      const behind = mean(ahead) < -MAY_DIFFER;
      const cells =
        engine === 'Steward' ? ['', '', ''] : [signed(mean(ahead)), error(ahead), behind ? '**no**' : 'yes'];
      const shown = mean(values).toFixed(4);
      return [label, tested, own.length, engine, mean(values) === best ? `**${shown}**` : shown, ...cells];
    });
  });
  return [
    '## Quality at these settings',
    '',
    `Mean AUC over data sets of several seeds (on the flights: over which fifth of the rows is tested), the same data for ` +
      `all. The standard error is that of the mean difference, from how it varies over the seeds: bins that are cut a ` +
      `little elsewhere move the AUC of one data set by several thousandths either way, so one alone says nothing. Wanted: at most ${MAY_DIFFER} behind.`,
    '',
    ...table(
      ['training rows', 'tested on', 'seeds', 'engine', 'AUC', 'Steward ahead by', 'standard error', 'holds'],
      rows,
    ),
  ];
}

/** Standard error of a mean. */
function error(values) {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length).toFixed(4);
}

function pools(all) {
  const runs = all.filter(({ part }) => part === 'pools').flatMap((each) => each.runs);
  const of = (size) => runs.filter((run) => run.size === size);
  const wall = (size) => least(of(size).map((run) => run.wall));
  const needed = (size) =>
    least(of(size).map(({ main, worker, all: sum }) => Math.max(main + worker, sum / 2)));
  const gain = (f) => `${(f(1) / f(2)).toFixed(2)} ×`;
  return [
    '## Folds side by side',
    '',
    'Five-fold cross-validation of boosting on the synthetic rows in a pool of one and of two workers, in turns. Five ' +
      'folds take two workers three turns, so 1.67 is the most there is, and what goes beyond is the compiler’s own threads. ' +
      '"Needed": the processor time of the main thread and of the busiest worker, or half of that of all threads where it ' +
      'is more: what the clock would show if both cores were free. Wanted: 1.5 × when the second core is free.',
    '',
    ...table(
      ['workers', 'clock s, best', 'needed s, best'],
      [
        ...[1, 2].map((size) => [size, wall(size).toFixed(2), needed(size).toFixed(2)]),
        ['faster by', gain(wall), gain(needed)],
      ],
    ),
  ];
}

function shapley(all) {
  const runs = all.filter(({ part }) => part === 'shapley');
  const { rows } = runs[0].own;
  const difference = Math.max(...runs.map(({ own }) => own.difference));
  const ms = (who, of) => (least(runs.flatMap((run) => run[who].times.map((time) => time[of]))) / rows) * 1e3;
  const line = (name, of) => {
    const [own, rival] = [ms('own', of), ms('rival', of)];
    return [name, own.toFixed(3), rival.toFixed(3), (own / rival).toFixed(2), verdict(own <= 1.5 * rival)];
  };
  return [
    '## Shapley values of trees',
    '',
    `Exact TreeSHAP of 100 trees of depth 6 that XGBoost learned, on ${rows} rows, one in seven with a missing value; ` +
      `the greatest difference of a value is ${difference.toExponential(1)} (XGBoost sums in float32). Wanted: ≤ 1.5 × XGBoost.`,
    '',
    ...table(
      ['ms a row', 'Steward', 'XGBoost (C++)', 'Steward ÷ it', ''],
      [line('processor', 'cpu'), line('clock', 'wall')],
    ),
  ];
}

function networks(all) {
  const lines = ['Steward', 'scikit-learn'].map((engine) => {
    const runs = all.filter((run) => run.part === 'networks' && run.engine === engine);
    const best = (of) => least(runs.flatMap(({ times }) => times.map((time) => time[of]))) / EPOCHS;
    const AUC = runs[0].AUC.map((value) => value.toFixed(4)).join(', ');
    return [engine, best('cpu').toFixed(2), best('wall').toFixed(2), AUC];
  });
  return [
    '## Small networks',
    '',
    `Two hidden layers of 64, batches of 256, ${EPOCHS} epochs of Adam on the synthetic rows; seeds 0, 1 and 2. ` +
      'scikit-learn multiplies matrices with a vectorised BLAS.',
    '',
    ...table(['engine', 'processor s an epoch', 'clock s an epoch', 'AUC'], lines),
  ];
}
