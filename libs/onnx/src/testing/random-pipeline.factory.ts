import { DATE_PARTS } from '@steward/learning';
import type {
  Column,
  FittedEncoder,
  FittedPipeline,
  FittedPredictor,
  PipelineInput,
  Table,
  TreeEnsemble,
} from '@steward/learning';

/** Mulberry32: small, seeded, good enough for test data. */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(from.length)]!;
  }
}

export const EPOCH = Date.UTC(2026, 0, 1);
const COLOURS = ['red', 'green', 'blue', 'grün', '漢字', 'a "quoted" one'];

export interface PipelineOptions {
  readonly seed: number;
  readonly task?: FittedPipeline['task'];
  readonly predictor?: 'trees' | 'linear';
  readonly forest?: boolean;
  readonly classes?: number;
  readonly trees?: number;
  readonly depth?: number;
  /** Grow like a leaf-wise learner: unbalanced, deeper than `depth`. */
  readonly leafWise?: boolean;
  readonly link?: TreeEnsemble['link'];
}

const INPUTS: readonly PipelineInput[] = [
  { name: 'income', kind: 'numeric' },
  { name: 'age', kind: 'numeric' },
  { name: 'opened at', kind: 'time' },
  { name: 'member', kind: 'boolean' },
  { name: 'colour', kind: 'categorical' },
  { name: 'town', kind: 'categorical' },
  { name: 'job', kind: 'categorical' },
];

const TOWNS = Array.from({ length: 70 }, (_, i) => `town ${i}`);

const ENCODERS: readonly FittedEncoder[] = [
  { kind: 'number', input: 'income', fill: null, center: 0, scale: 1, width: 1 },
  { kind: 'number', input: 'age', fill: 41.5, center: 40.1, scale: 11.7, width: 1 },
  { kind: 'number', input: 'opened at', fill: null, center: 0, scale: 1, width: 1 },
  { kind: 'number', input: 'member', fill: 0, center: 0, scale: 1, width: 1 },
  { kind: 'one-hot', input: 'colour', categories: COLOURS, missing: null, width: COLOURS.length },
  { kind: 'one-hot', input: 'job', categories: ['none', 'clerk'], missing: 0, width: 2 },
  { kind: 'ordinal', input: 'town', categories: TOWNS, unknown: TOWNS.length, width: 1 },
  { kind: 'ordinal', input: 'colour', categories: COLOURS, unknown: -1, width: 1 },
  {
    kind: 'lookup',
    input: 'town',
    categories: TOWNS,
    values: TOWNS.map((_, i) => Math.sin(i) / 3),
    unknown: 0.1,
    missing: -0.1,
    width: 1,
  },
  {
    kind: 'hashing',
    input: 'town',
    categories: TOWNS,
    buckets: TOWNS.map((_, i) => (i * 7) % 4),
    unknown: 4,
    width: 5,
  },
  { kind: 'number', input: 'income', clip: [100.5, 9e4], fill: 1, center: 0.1, scale: 3.3, width: 1 },
  { kind: 'bins', input: 'income', edges: [0, 1e-300, 52_000.1], output: 'index', width: 1 },
  { kind: 'bins', input: 'age', edges: [20.5, 41, 60], output: 'one-hot', width: 4 },
  { kind: 'date-parts', input: 'opened at', parts: DATE_PARTS, fill: null, width: DATE_PARTS.length },
];
const ORDINAL_FEATURES = [12, 13];
export const FEATURES = 32;

/** A pipeline with every kind of input and encoder over a random predictor. */
export function randomPipeline(options: PipelineOptions): FittedPipeline {
  const task = options.task ?? 'binary';
  const count = task === 'multiclass' ? (options.classes ?? 3) : task === 'binary' ? 2 : 0;
  const random = new Random(options.seed);
  const outputs = task === 'multiclass' ? count : 1;
  const link =
    options.link ??
    (options.forest || count === 0 ? 'identity' : task === 'multiclass' ? 'softmax' : 'logistic');
  const predictor: FittedPredictor =
    options.predictor === 'linear'
      ? { kind: 'linear', model: randomLinear(random, outputs, link) }
      : { kind: 'trees', ensemble: randomEnsemble(random, { ...options, outputs, link }) };
  return {
    task,
    inputs: INPUTS,
    encoders: options.predictor === 'linear' ? filled(ENCODERS) : ENCODERS,
    predictor,
    classes: Array.from({ length: count }, (_, i) => `class ${i}`),
  };
}

/** Linear models cannot take a missing number. */
function filled(encoders: readonly FittedEncoder[]): FittedEncoder[] {
  return encoders.map((encoder) => {
    if (encoder.kind === 'number') {
      const fill = encoder.input === 'opened at' ? EPOCH : 1;
      return { ...encoder, fill, center: fill, scale: encoder.input === 'opened at' ? 1e9 : 3 };
    }
    if (encoder.kind === 'date-parts') return { ...encoder, fill: EPOCH };
    if (encoder.kind === 'bins' && encoder.output === 'index') {
      return { kind: 'number', input: encoder.input, fill: 0, center: 0, scale: 1e5, width: 1 };
    }
    return encoder.kind === 'ordinal'
      ? { ...encoder, kind: 'lookup', values: [...encoder.categories.keys()], missing: 0 }
      : encoder;
  });
}

function randomLinear(random: Random, outputs: number, link: TreeEnsemble['link']) {
  const weights = Float64Array.from({ length: outputs * FEATURES }, () => (random.next() - 0.5) * 0.1);
  const intercepts = Float64Array.from({ length: outputs }, () => random.next() - 0.5);
  return { features: FEATURES, outputs, weights, intercepts, link };
}

type EnsembleOptions = PipelineOptions & { outputs: number; link: TreeEnsemble['link'] };

function randomEnsemble(random: Random, options: EnsembleOptions): TreeEnsemble {
  const builder = new EnsembleBuilder(random, options);
  const trees = options.trees ?? 12;
  for (let tree = 0; tree < trees; tree++) builder.addTree(tree);
  return builder.build();
}

class EnsembleBuilder {
  private readonly roots: number[] = [];
  private readonly treeOutput: number[] = [];
  private readonly nodes: {
    feature: number;
    threshold: number;
    left: number;
    right: number;
    missingLeft: number;
    category: number;
    cover: number;
  }[] = [];
  private readonly values: number[] = [];
  private readonly bits: number[] = [];

  constructor(
    private readonly random: Random,
    private readonly options: EnsembleOptions,
  ) {}

  addTree(tree: number): void {
    this.roots.push(this.grow(this.options.depth ?? 4));
    this.treeOutput.push(this.options.forest ? -1 : tree % this.options.outputs);
  }

  private grow(depth: number): number {
    const leaf = depth === 0 || this.random.next() < (this.options.leafWise ? 0 : 0.15);
    const index = this.nodes.length;
    this.nodes.push({
      feature: 0,
      threshold: 0,
      left: -1,
      right: -1,
      missingLeft: 0,
      category: -1,
      cover: 1 + this.random.int(50),
    });
    for (let k = 0; k < (this.options.forest ? this.options.outputs : 1); k++)
      this.values.push(this.leafValue());
    if (leaf) return index;
    const node = this.nodes[index]!;
    node.feature = this.random.int(FEATURES);
    node.missingLeft = this.random.int(2);
    if (ORDINAL_FEATURES.includes(node.feature) && this.random.next() < 0.8) node.category = this.addBits();
    else node.threshold = threshold(this.random, node.feature);
    node.left = this.grow(this.options.leafWise && this.random.next() < 0.6 ? 0 : depth - 1);
    node.right = this.grow(depth - 1);
    return index;
  }

  private leafValue(): number {
    const { forest, outputs, link } = this.options;
    return forest && link === 'identity' ? this.random.next() / outputs : (this.random.next() - 0.5) * 0.7;
  }

  private addBits(): number {
    const offset = this.bits.length;
    const words = 1 + this.random.int(3);
    this.bits.push(words);
    for (let w = 0; w < words; w++) this.bits.push((this.random.next() * 4294967296) >>> 0);
    return offset;
  }

  build(): TreeEnsemble {
    const { outputs, link, forest } = this.options;
    return {
      features: FEATURES,
      outputs,
      base: Float64Array.from({ length: outputs }, () => (forest ? 0 : this.random.next() - 0.5)),
      roots: Int32Array.from(this.roots),
      treeOutput: Int32Array.from(this.treeOutput),
      feature: Int32Array.from(this.nodes, (n) => n.feature),
      threshold: Float64Array.from(this.nodes, (n) => n.threshold),
      left: Int32Array.from(this.nodes, (n) => n.left),
      right: Int32Array.from(this.nodes, (n) => n.right),
      missingLeft: Uint8Array.from(this.nodes, (n) => n.missingLeft),
      categoryOffset: Int32Array.from(this.nodes, (n) => n.category),
      categoryBits: Uint32Array.from(this.bits),
      leafValues: Float64Array.from(this.values),
      cover: Float64Array.from(this.nodes, (n) => n.cover),
      aggregate: forest ? 'mean' : 'sum',
      link,
    };
  }
}

/** Thresholds of the size that the feature has; some are awkward on purpose. */
function threshold(random: Random, feature: number): number {
  if (feature === 0)
    return random.pick([0, -0, 1e-300, 1e300, Infinity, -Infinity, 52_000.1, random.next() * 1e5]);
  if (feature === 2) return EPOCH + random.int(4) * 0.5;
  if (feature === 12 || feature === 13) return random.int(70) + 0.5;
  return random.next() * 2 - 1;
}

/** Rows with missing and unknown values, infinities and values just beside the thresholds. */
export function randomTable(seed: number, rows: number, options: { missingBooleans?: boolean } = {}): Table {
  const random = new Random(seed);
  const times = (make: () => number): Float64Array => Float64Array.from({ length: rows }, make);
  const categorical = (name: string, categories: readonly string[]): Column => ({
    kind: 'categorical',
    name,
    categories,
    codes: Int32Array.from({ length: rows }, () => random.int(categories.length + 1) - 1),
  });
  return {
    rows,
    columns: [
      { kind: 'numeric', name: 'income', values: times(() => income(random)) },
      { kind: 'numeric', name: 'age', values: times(() => random.pick([NaN, 18 + random.next() * 60])) },
      {
        kind: 'time',
        name: 'opened at',
        values: times(() => random.pick([NaN, EPOCH, EPOCH + 0.5, EPOCH + 1, EPOCH + 1.5, EPOCH - 1])),
      },
      {
        kind: 'boolean',
        name: 'member',
        values: Uint8Array.from({ length: rows }, () =>
          random.pick(options.missingBooleans ? [0, 1, 255] : [0, 1]),
        ),
      },
      categorical('colour', [...COLOURS].reverse().concat('never seen')),
      categorical('town', ['elsewhere', ...TOWNS]),
      categorical('job', ['none', 'clerk', 'king']),
    ],
  };
}

function income(random: Random): number {
  return random.pick([NaN, 0, -0, Infinity, -Infinity, 5e-324, 1e-300, 1e300, 52_000.1, random.next() * 1e5]);
}
