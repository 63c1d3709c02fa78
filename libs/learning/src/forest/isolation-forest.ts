import { type FitControl, report } from '../learner/progress';
import { checkParameters, integer, anything, type Rule } from '../parameters/parameters';
import { featureColumns } from '../pipeline/encode';
import { denseEncoding, type EncodingSpec } from '../pipeline/encoding-spec';
import { fitEncoders } from '../pipeline/fit-encoders';
import type { FittedPipeline } from '../pipeline/fitted-pipeline';
import { deriveSeed, Random } from '../random/random';
import { selectRows } from '../table/select-table';
import type { Table } from '../table/table';
import type { TreeEnsemble } from '../trees/tree-ensemble';

/** Parameters of an isolation forest. */
export interface IsolationForestParameters {
  /** Default 100. */
  readonly trees: number;
  /** Rows drawn for each tree. Default 256. */
  readonly sampleRows: number;
  /** Default: numbers imputed by the mean, categories one-hot. */
  readonly encoding: EncodingSpec;
}

const defaults: IsolationForestParameters = { trees: 100, sampleRows: 256, encoding: {} };
const rules: Readonly<Record<keyof IsolationForestParameters, Rule>> = {
  trees: integer({ min: 1, max: 100_000 }),
  sampleRows: integer({ min: 2, max: 1 << 20 }),
  encoding: anything,
};

/**
 * Isolation forest (Liu, Ting, Zhou 2008): anomalies are cut off by few random cuts. Unsupervised, so it takes a table
 * alone. The pipeline's prediction is the anomaly score 2^(-mean depth / c), in (0, 1]: about 0.5 is ordinary.
 */
export function fitIsolationForest(
  table: Table,
  params: Partial<IsolationForestParameters> = {},
  options: FitControl & { readonly seed?: number } = {},
): FittedPipeline {
  const checked = checkParameters('isolation-forest', defaults, rules, params);
  const encoding = fitEncoders(table, checked.encoding, denseEncoding);
  const features = featureColumns(encoding.encoders, table).features.length;
  const sample = Math.min(checked.sampleRows, table.rows);
  const builder = new IsolationBuilder(features, sample);
  for (let t = 0; t < checked.trees; t++) {
    const random = new Random(deriveSeed(options.seed ?? 0, t));
    const drawn = selectRows(table, random.sample(sample, table.rows));
    const source = featureColumns(encoding.encoders, drawn);
    builder.add(
      Array.from({ length: features }, (_, f) => source.column(f).slice()),
      random,
    );
    report(options, { done: t + 1, total: checked.trees });
  }
  const ensemble = builder.build();
  return {
    task: 'regression',
    inputs: encoding.inputs,
    encoders: encoding.encoders,
    predictor: { kind: 'trees', ensemble },
    classes: [],
  };
}

/** Mean depth of an unsuccessful search in a binary search tree of n values: what a path of n rows would still take. */
export function averageDepth(n: number): number {
  if (n < 2) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

interface Node {
  feature: number;
  threshold: number;
  left: number;
  right: number;
  value: number;
  cover: number;
}

class IsolationBuilder {
  private readonly nodes: Node[] = [];
  private readonly roots: number[] = [];
  private readonly maxDepth: number;
  /** Leaves hold -ln 2 x depth / c, so that the exponent of their mean is the score. */
  private readonly unit: number;

  constructor(
    private readonly features: number,
    sample: number,
  ) {
    this.maxDepth = Math.ceil(Math.log2(Math.max(2, sample)));
    this.unit = -Math.LN2 / Math.max(averageDepth(sample), 1);
  }

  add(columns: readonly Float64Array[], random: Random): void {
    const rows = Array.from({ length: columns[0]!.length }, (_, i) => i);
    this.roots.push(this.grow(columns, rows, 0, random));
  }

  private grow(columns: readonly Float64Array[], rows: number[], depth: number, random: Random): number {
    const at = this.nodes.length;
    const value = this.unit * (depth + averageDepth(rows.length));
    const node = { feature: 0, threshold: 0, left: -1, right: -1, value, cover: rows.length };
    this.nodes.push(node);
    if (depth >= this.maxDepth || rows.length < 2) return at;
    const cut = this.cut(columns, rows, random);
    if (!cut) return at;
    const column = columns[cut.feature]!;
    node.feature = cut.feature;
    node.threshold = cut.threshold;
    node.left = this.grow(
      columns,
      rows.filter((row) => column[row]! <= cut.threshold),
      depth + 1,
      random,
    );
    node.right = this.grow(
      columns,
      rows.filter((row) => !(column[row]! <= cut.threshold)),
      depth + 1,
      random,
    );
    return at;
  }

  /** A random value of a random feature among those that vary here; null if none does. */
  private cut(columns: readonly Float64Array[], rows: readonly number[], random: Random) {
    const order = random.shuffle(new Int32Array(this.features).map((_, i) => i));
    for (const feature of order) {
      const column = columns[feature]!;
      let [low, high] = [Infinity, -Infinity];
      for (const row of rows) {
        const value = column[row]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      const threshold = low + random.next() * (high - low);
      if (low < high) return { feature, threshold: threshold < high ? threshold : low };
    }
    return null;
  }

  build(): TreeEnsemble {
    const { nodes, roots, features } = this;
    return {
      features,
      outputs: 1,
      base: new Float64Array(1),
      roots: Int32Array.from(roots),
      treeOutput: new Int32Array(roots.length),
      feature: Int32Array.from(nodes, (node) => node.feature),
      threshold: Float64Array.from(nodes, (node) => node.threshold),
      left: Int32Array.from(nodes, (node) => node.left),
      right: Int32Array.from(nodes, (node) => node.right),
      missingLeft: new Uint8Array(nodes.length),
      categoryOffset: new Int32Array(nodes.length).fill(-1),
      categoryBits: new Uint32Array(0),
      leafValues: Float64Array.from(nodes, (node) => (node.left < 0 ? node.value : 0)),
      cover: Float64Array.from(nodes, (node) => node.cover),
      aggregate: 'mean',
      link: 'exp',
    };
  }
}
