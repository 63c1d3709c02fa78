import type { FittedEncoder, TreeEnsemble } from '@steward/learning';

import type { OnnxAttribute } from '../format/onnx-model';
import { categorySplit } from '../pipeline/category-sets';
import { featureLayout } from '../pipeline/feature-layout';
import { preorder, preorderOf } from '../pipeline/preorder';
import { badPipeline } from '../pipeline/bad-pipeline';
import { categoryIndexName } from './write-encoder';
import { TO_DOUBLE } from './write-number-encoders';
import { type GraphBuilder, ML_DOMAIN } from './graph-builder';
import { leafParts, leafQuantum } from './leaf-parts';

/** The distinct categorical splits on one feature, in the order in which the trees first use them. */
interface SplitTable {
  readonly encoder: number;
  readonly codes: number;
  readonly columns: Uint8Array[];
  readonly byContent: Map<string, number>;
}

/**
 * Writes a tree ensemble and returns the name of its scores, DOUBLE [N, outputs].
 *
 * ONNX trees compare numbers, so each distinct categorical split becomes one more column of the row: 1 where the
 * category goes right, read from a constant table by the category's index and compared with 0.5. That is exact for
 * any number of categories, for unknown and for missing ones, and needs no operator beyond ai.onnx.ml 3. The
 * operator gives float32, so each leaf is written in two parts whose sums float32 holds (see leaf-parts.ts); they are
 * put together in doubles, as are the mean, the base values and the link.
 */
export function writeTrees(
  builder: GraphBuilder,
  ensemble: TreeEnsemble,
  encoders: readonly FittedEncoder[],
  parts: readonly string[],
): string {
  const tables = collectSplits(ensemble, encoders);
  const columns = [...tables].map(([feature, table]) => writeSplitTable(builder, feature, table));
  const row = builder.node(
    'Concat',
    'steward/features',
    [...parts, ...columns],
    [{ name: 'axis', kind: 'int', value: 1 }],
  );
  const attributes = new TreeAttributes(ensemble, encoders, tables).build();
  const sums = builder.node('TreeEnsembleRegressor', 'steward/trees', [row], attributes, ML_DOMAIN);
  let scores = joinParts(
    builder,
    builder.node('Cast', 'steward/parts', [sums], [TO_DOUBLE]),
    ensemble.outputs,
  );
  if (ensemble.aggregate === 'mean') {
    const trees = builder.doubles('steward/tree-count', [Math.max(1, ensemble.roots.length)]);
    scores = builder.node('Div', 'steward/means', [scores, trees]);
  }
  return builder.node('Add', 'steward/scores', [scores, builder.doubles('steward/base', ensemble.base)]);
}

/** Adds the high and the low parts of the sums: [N, 2 outputs] to [N, outputs]. */
function joinParts(builder: GraphBuilder, parts: string, outputs: number): string {
  const axis = [{ name: 'axis', kind: 'int', value: 1 } as const];
  const take = (name: string, from: number): string => {
    const columns = Array.from({ length: outputs }, (_, k) => from + k);
    return builder.node(
      'Gather',
      `steward/${name}`,
      [parts, builder.integers(`steward/${name}-at`, columns)],
      axis,
    );
  };
  return builder.node('Add', 'steward/sums', [take('high', 0), take('low', outputs)]);
}

function collectSplits(ensemble: TreeEnsemble, encoders: readonly FittedEncoder[]): Map<number, SplitTable> {
  const { encoderOf } = featureLayout(encoders);
  const tables = new Map<number, SplitTable>();
  for (const node of preorder(ensemble)) {
    if (ensemble.left[node]! < 0 || ensemble.categoryOffset[node]! < 0) continue;
    const feature = ensemble.feature[node]!;
    const encoder = encoderOf[feature]!;
    const table = tables.get(feature) ?? {
      encoder,
      codes: ordinal(encoders[encoder]!).categories.length + 2,
      columns: [],
      byContent: new Map<string, number>(),
    };
    tables.set(feature, table);
    const { goesRight } = categorySplit(ensemble, node, ordinal(encoders[encoder]!));
    const content = splitKey(goesRight);
    if (table.byContent.has(content)) continue;
    table.byContent.set(content, table.columns.length);
    table.columns.push(goesRight);
  }
  return new Map([...tables].sort(([a], [b]) => a - b));
}

function ordinal(encoder: FittedEncoder): Extract<FittedEncoder, { kind: 'ordinal' }> {
  if (encoder.kind === 'ordinal') return encoder;
  throw badPipeline(
    `A tree splits ${encoder.input} by categories, but its encoder is ${encoder.kind}; it must be ordinal.`,
  );
}

const splitKey = (goesRight: Uint8Array): string => Buffer.from(goesRight).toString('latin1');

/** The columns of the splits on one feature, DOUBLE [N, splits]. */
function writeSplitTable(
  builder: GraphBuilder,
  feature: number,
  { encoder, codes, columns }: SplitTable,
): string {
  const prefix = `steward/splits/${feature}`;
  const values = new Uint8Array(codes * columns.length);
  for (let code = 0; code < codes; code++) {
    for (let s = 0; s < columns.length; s++) values[code * columns.length + s] = columns[s]![code]!;
  }
  const dims = [codes, columns.length];
  const table = builder.constant({ name: `${prefix}/table`, type: 'uint8', dims, values });
  const index = categoryIndexName(`steward/encoder/${encoder}`);
  const rows = builder.node('Gather', `${prefix}/rows`, [table, index]);
  const flat = builder.node('Flatten', `${prefix}/flat`, [rows]);
  return builder.node('Cast', `${prefix}/columns`, [flat], [TO_DOUBLE]);
}

/** Gathers the parallel lists that the TreeEnsemble operators take. Nodes are numbered in preorder, tree by tree. */
class TreeAttributes {
  private readonly nodes = {
    falsenodeids: [] as number[],
    featureids: [] as number[],
    missing_value_tracks_true: [] as number[],
    modes: [] as string[],
    nodeids: [] as number[],
    treeids: [] as number[],
    truenodeids: [] as number[],
    values: [] as number[],
  };
  private readonly targets = { ids: [] as number[], nodeids: [] as number[], treeids: [] as number[] };
  private readonly weights: number[] = [];
  private readonly splitOffsets = new Map<number, number>();
  private readonly quantum: number;
  /** The number of each node within its tree. */
  private readonly numbers: Int32Array;

  constructor(
    private readonly ensemble: TreeEnsemble,
    private readonly encoders: readonly FittedEncoder[],
    private readonly tables: ReadonlyMap<number, SplitTable>,
  ) {
    this.quantum = leafQuantum(ensemble);
    this.numbers = new Int32Array(ensemble.feature.length);
    let offset = ensemble.features;
    for (const [feature, { columns }] of tables) {
      this.splitOffsets.set(feature, offset);
      offset += columns.length;
    }
  }

  build(): OnnxAttribute[] {
    const { roots } = this.ensemble;
    roots.forEach((root, tree) => this.addTree(root, tree));
    // The operator needs a tree, also where a constant is all there is.
    if (roots.length === 0) {
      this.addNode(0, 0, { feature: 0, mode: 'LEAF', threshold: 0, missing: 0 }, [0, 0]);
      this.addWeight(0, 0, 0, 0);
    }
    return this.attributes();
  }

  private addTree(root: number, tree: number): void {
    const { numbers } = this;
    const { left, right } = this.ensemble;
    const order = preorderOf(this.ensemble, root);
    order.forEach((node, number) => (numbers[node] = number));
    for (const node of order) {
      if (left[node]! < 0) this.addLeaf(tree, numbers[node]!, node);
      else {
        const children = [numbers[left[node]!]!, numbers[right[node]!]!] as const;
        this.addNode(tree, numbers[node]!, this.split(node), children);
      }
    }
  }

  private split(node: number) {
    const { feature, threshold, missingLeft, categoryOffset } = this.ensemble;
    const of = feature[node]!;
    if (categoryOffset[node]! < 0) {
      return { feature: of, mode: 'BRANCH_LEQ', threshold: threshold[node]!, missing: missingLeft[node]! };
    }
    const table = this.tables.get(of)!;
    const { goesRight } = categorySplit(this.ensemble, node, ordinal(this.encoders[table.encoder]!));
    const column = this.splitOffsets.get(of)! + table.byContent.get(splitKey(goesRight))!;
    return { feature: column, mode: 'BRANCH_LEQ', threshold: 0.5, missing: 0 };
  }

  private addLeaf(tree: number, number: number, node: number): void {
    this.addNode(tree, number, { feature: 0, mode: 'LEAF', threshold: 0, missing: 0 }, [0, 0]);
    const { outputs, treeOutput, leafValues } = this.ensemble;
    const output = treeOutput[tree]!;
    if (output >= 0) return this.addWeight(tree, number, output, leafValues[node]!);
    for (let k = 0; k < outputs; k++) this.addWeight(tree, number, k, leafValues[node * outputs + k]!);
  }

  private addNode(
    tree: number,
    number: number,
    split: { feature: number; mode: string; threshold: number; missing: number },
    [yes, no]: readonly [number, number],
  ): void {
    this.nodes.treeids.push(tree);
    this.nodes.nodeids.push(number);
    this.nodes.featureids.push(split.feature);
    this.nodes.modes.push(split.mode);
    this.nodes.values.push(split.threshold);
    this.nodes.missing_value_tracks_true.push(split.missing);
    this.nodes.truenodeids.push(yes);
    this.nodes.falsenodeids.push(no);
  }

  private addWeight(tree: number, number: number, output: number, weight: number): void {
    const [high, low] = leafParts(weight, this.quantum);
    this.targets.treeids.push(tree, tree);
    this.targets.nodeids.push(number, number);
    this.targets.ids.push(output, this.ensemble.outputs + output);
    this.weights.push(high, low);
  }

  private attributes(): OnnxAttribute[] {
    const { modes, values, ...integers } = this.nodes;
    const ints = (name: string, value: number[]): OnnxAttribute => ({ name, kind: 'ints', value });
    const doubles = (name: string, list: number[]): OnnxAttribute => ({
      name,
      kind: 'tensor',
      value: { name, type: 'double', dims: [list.length], values: new Float64Array(list) },
    });
    return [
      { name: 'n_targets', kind: 'int', value: 2 * this.ensemble.outputs },
      { name: 'nodes_modes', kind: 'strings', value: modes },
      doubles('nodes_values_as_tensor', values),
      ...Object.entries(integers).map(([name, list]) => ints(`nodes_${name}`, list)),
      ...Object.entries(this.targets).map(([name, list]) => ints(`target_${name}`, list)),
      doubles('target_weights_as_tensor', this.weights),
    ];
  }
}
