import {
  binaryTarget,
  booleanColumn,
  calibrate,
  type Calibration,
  categoricalColumn,
  createTable,
  type EncodingSpec,
  fitCalibration,
  fitIsolationForest,
  fitPipeline,
  type FittedPipeline,
  multiclassTarget,
  numericColumn,
  predictPositive,
  rankingTarget,
  regressionTarget,
  type Table,
  type Target,
  timeColumn,
} from '@steward/learning';

import { EPOCH, Random } from './random-pipeline.factory';

/** A pipeline that the library fitted, and rows that it has not seen. */
export interface LearnedCase {
  readonly name: string;
  readonly fitted: () => FittedPipeline;
  readonly table: Table;
}

const CITIES = Array.from({ length: 40 }, (_, i) => `city ${i}`);
const DAY = 86_400_000;

interface Data {
  readonly table: Table;
  readonly targets: Readonly<Record<Target['kind'] | 'counts', Target>>;
}

/** Rows whose outcome hangs on every kind of column, with missing values; `wide` has cities never trained on. */
export function learnedData(rows: number, seed: number, wide = false): Data {
  const random = new Random(seed);
  const list = <T>(make: () => T): T[] => Array.from({ length: rows }, make);
  const income = list(() => (random.next() < 0.1 ? NaN : Math.round(random.next() * 1e5) / 10));
  const opened = list(() => EPOCH + Math.floor(random.next() * 1000) * DAY);
  const city = list(() =>
    random.next() < 0.1 ? null : wide && random.next() < 0.1 ? 'nowhere' : random.pick(CITIES),
  );
  const flag = list(() => random.next() < 0.5);
  const score = income.map((x, i) => {
    const wealth = Number.isNaN(x) ? 1 : x / 5000 - 1;
    const late = opened[i]! > EPOCH + 500 * DAY ? 1 : -1;
    const place = (city[i] ?? 'city 3').charCodeAt(5) % 2 === 0 ? 1 : -1;
    return wealth + late + place + (flag[i] ? 0.5 : -0.5);
  });
  const table = createTable([
    numericColumn('income', income),
    timeColumn('opened', opened),
    categoricalColumn('city', city),
    booleanColumn('flag', flag),
  ]);
  const grade = (z: number): number => Math.max(0, Math.min(3, Math.round(z + 1)));
  const targets = {
    binary: binaryTarget(score.map((z) => random.next() < 1 / (1 + Math.exp(-z)))),
    regression: regressionTarget(score),
    multiclass: multiclassTarget(score.map((z) => (z > 1 ? 'high' : z < -1 ? 'low' : 'middle'))),
    counts: regressionTarget(score.map(grade)),
    ranking: rankingTarget(
      score.map(grade),
      Int32Array.from(score, (_, i) => i % 50),
    ),
  };
  return { table, targets };
}

const train = learnedData(1200, 1);
const fresh = learnedData(200, 2, true).table;

type Spec = readonly [learner: string, target: keyof Data['targets'], params?: Record<string, unknown>];

const trees = 15;
const network = { hidden: [8, 4], maxEpochs: 3 };

/** Every learner on every kind of target that it takes, and every loss of boosting. */
const LEARNERS: readonly Spec[] = [
  ['gbm', 'binary', { trees, loss: 'logistic', monotone: { income: 1 } }],
  [
    'gbm',
    'binary',
    { trees, growth: 'depth', maxDepth: 6, maxLeaves: 64, rowSample: 0.7, columnSample: 0.7 },
  ],
  ['gbm', 'multiclass', { trees, loss: 'softmax' }],
  ...(['squared', 'absolute', 'huber', 'quantile'] as const).map((loss): Spec => [
    'gbm',
    'regression',
    { trees, loss, quantile: 0.3 },
  ]),
  ['gbm', 'counts', { trees, loss: 'poisson' }],
  ['gbm', 'ranking', { trees, loss: 'lambdamart' }],
  ...['random-forest', 'extra-trees'].flatMap((name) =>
    (['binary', 'multiclass', 'regression'] as const).map((target): Spec => [name, target, { trees }]),
  ),
  ['logistic', 'binary'],
  ['multinomial', 'multiclass'],
  ...['linear', 'ridge', 'lasso', 'elastic-net'].map((name): Spec => [name, 'regression']),
  ['poisson', 'counts'],
  ...(['binary', 'multiclass', 'regression'] as const).flatMap((target): Spec[] => [
    ['mlp', target, network],
    ['constant', target],
  ]),
];

/** Every encoder in each of its forms. */
const ENCODINGS: Readonly<Record<string, EncodingSpec>> = {
  'winsorised, scaled robustly, by the median': {
    numeric: { kind: 'number', winsorise: 0.05, scale: 'robust', impute: 'median' },
    time: { kind: 'number', winsorise: 0.01, scale: 'standard', impute: 'most-frequent' },
  },
  'imputed by a constant': { numeric: { kind: 'number', impute: -1, scale: 'standard' } },
  'bins, one feature each': {
    numeric: { kind: 'bins', output: 'one-hot' },
    time: { kind: 'bins', bins: 4, output: 'one-hot' },
  },
  'date parts': {
    time: {
      kind: 'date-parts',
      parts: ['year', 'month', 'day', 'weekday', 'hour', 'minute'],
      impute: 'median',
    },
  },
  'one-hot of few, missing as the most frequent': {
    categorical: { kind: 'one-hot', maxCategories: 5, missing: 'most-frequent' },
  },
  'one-hot, missing as zeros': { categorical: { kind: 'one-hot', missing: 'zeros' } },
  frequency: { categorical: { kind: 'frequency' } },
  target: { categorical: { kind: 'target', smoothing: 5 } },
  hashing: { categorical: { kind: 'hashing', buckets: 8 } },
  'without time': { columns: { opened: { kind: 'drop' } } },
};

const TREE_ENCODINGS: Readonly<Record<string, EncodingSpec>> = {
  'bins, their number': { numeric: { kind: 'bins', output: 'index' } },
  'date parts, missing kept': { time: { kind: 'date-parts' } },
  ordinal: { categorical: { kind: 'ordinal' } },
};

/** All of them. Fitted when asked for, for that takes a while. */
export function learnedCases(): LearnedCase[] {
  return [...learnerCases(), ...encoderCases(), ...calibratedCases(), ...edgeCases()];
}

function learnerCases(): LearnedCase[] {
  const isolation = {
    name: 'isolation-forest',
    fitted: () => fitIsolationForest(train.table, { trees }),
    table: fresh,
  };
  return [isolation, ...LEARNERS.map(([name, target, params]) => caseOf([name, target, params]))];
}

function caseOf([learner, target, params = {}]: Spec, label = ''): LearnedCase {
  const loss = 'loss' in params ? ` by ${String(params['loss'])}` : '';
  return {
    name: `${learner} on ${target}${loss}${label}`,
    fitted: () => fitPipeline({ name: learner, params }, train.table, train.targets[target]),
    table: fresh,
  };
}

function encoderCases(): LearnedCase[] {
  const specs = (
    encodings: Readonly<Record<string, EncodingSpec>>,
    learners: readonly Spec[],
  ): LearnedCase[] =>
    Object.entries(encodings).flatMap(([label, encoding]) =>
      learners.map(([name, target, params]) => caseOf([name, target, { ...params, encoding }], `, ${label}`)),
    );
  const boosting: Spec = ['gbm', 'binary', { trees }];
  return [...specs(ENCODINGS, [boosting, ['logistic', 'binary']]), ...specs(TREE_ENCODINGS, [boosting])];
}

function calibratedCases(): LearnedCase[] {
  const learners: Spec[] = [
    ['gbm', 'binary', { trees }],
    ['random-forest', 'binary', { trees }],
    ['logistic', 'binary'],
    ['mlp', 'binary', network],
  ];
  const kinds: Calibration['kind'][] = ['platt', 'beta', 'isotonic'];
  return learners.flatMap((spec) =>
    kinds.map((kind) => {
      const plain = caseOf(spec, `, calibrated by ${kind}`);
      return { ...plain, fitted: () => calibrated(plain.fitted(), kind) };
    }),
  );
}

function calibrated(fitted: FittedPipeline, kind: Calibration['kind']): FittedPipeline {
  const p = predictPositive(fitted, train.table);
  return calibrate(fitted, fitCalibration(kind, p, train.targets.binary.values));
}

/** Tables at the edge of what can be learned from; each learner refuses some of them, and those are left out. */
function edgeCases(): LearnedCase[] {
  const y = (table: Table) => binaryTarget(Array.from({ length: table.rows }, (_, i) => i % 3 === 0));
  const of = (label: string, table: Table, names: readonly string[]): LearnedCase[] =>
    names.map((name) => ({
      name: `${name}, ${label}`,
      fitted: () => fitPipeline({ name, params: name === 'logistic' ? {} : { trees } }, table, y(table)),
      table,
    }));
  const both = ['gbm', 'random-forest', 'logistic'];
  const rows = <T>(count: number, make: (i: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(i));
  const apart = [0, -0, 5e-324, -5e-324, 1e-300, 1e300, -1e300, 1.7e308];
  return [
    ...of(
      'constant and all-missing columns',
      edgeTable(
        rows(60, () => 7),
        rows(60, () => null),
      ),
      both,
    ),
    ...of('one row', edgeTable([1], ['a']), ['gbm', 'random-forest']),
    ...of(
      '10,000 categories',
      edgeTable(
        rows(12_000, (i) => i % 7),
        rows(12_000, (i) => `c${i % 10_000}`),
      ),
      both,
    ),
    ...of(
      'huge and tiny values',
      edgeTable(
        rows(200, (i) => apart[i % 8]!),
        rows(200, (i) => `${i % 3}`),
      ),
      ['gbm', 'random-forest'],
    ),
    ...of(
      'infinities',
      edgeTable(
        rows(200, (i) => [Infinity, -Infinity, NaN, 1][i % 4]!),
        rows(200, () => 'a'),
      ),
      ['gbm', 'random-forest'],
    ),
  ];
}

function edgeTable(numbers: readonly number[], names: readonly (string | null)[]): Table {
  return createTable([
    numericColumn('number', numbers),
    numericColumn(
      'none',
      numbers.map(() => null),
    ),
    categoricalColumn('name', names),
  ]);
}
