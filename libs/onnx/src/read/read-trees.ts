import type { FittedEncoder, TreeEnsemble } from '@steward/learning';

import { featureLayout } from '../pipeline/feature-layout';
import { buildEnsemble, type ReadNode } from './ensemble-builder';
import { attribute, type GraphIndex, NotUnderstood } from './graph-index';
import { nodeKey, readTreeLists, type TreeLists } from './tree-lists';

/** Reads the ensemble of a graph that `writeOnnx` wrote. */
export function readTrees(
  graph: GraphIndex,
  encoders: readonly FittedEncoder[],
  link: TreeEnsemble['link'],
): TreeEnsemble {
  const { features } = featureLayout(encoders);
  const node = graph.node('steward/trees');
  const outputs = attribute(node, 'n_targets', 'int');
  const lists = readTreeLists(node, 'target');
  const splits = readSplitColumns(graph, features, encoders);
  const { nodes, trees } = new TreeReader(lists, features, outputs, splits).read();
  return buildEnsemble(
    {
      features,
      outputs,
      base: graph.doubles('steward/base'),
      aggregate: graph.hasNode('steward/means') ? 'mean' : 'sum',
      link,
    },
    trees,
    nodes,
  );
}

/** A column of the row that stands for a categorical split. */
interface SplitColumn {
  readonly feature: number;
  /** By code, then for what was not seen, then for missing. */
  readonly goesRight: readonly boolean[];
  /** The value that stands for what was not seen. */
  readonly unknown: number;
}

function readSplitColumns(
  graph: GraphIndex,
  features: number,
  encoders: readonly FittedEncoder[],
): SplitColumn[] {
  const { encoderOf } = featureLayout(encoders);
  const columns: SplitColumn[] = [];
  for (let feature = 0; feature < features; feature++) {
    if (!graph.hasNode(`steward/splits/${feature}/columns`)) continue;
    const encoder = encoders[encoderOf[feature]!]!;
    if (encoder.kind !== 'ordinal') throw new NotUnderstood(`feature ${feature} has no categories`);
    const table = graph.bytes(`steward/splits/${feature}/table`);
    const codes = encoder.categories.length + 2;
    const count = table.length / codes;
    for (let s = 0; s < count; s++) {
      const goesRight = Array.from({ length: codes }, (_, code) => table[code * count + s] === 1);
      columns.push({ feature, goesRight, unknown: encoder.unknown });
    }
  }
  return columns;
}

class TreeReader {
  private readonly places = new Map<string, number>();
  private readonly weights = new Map<string, { output: number; weight: number }[]>();

  constructor(
    private readonly lists: TreeLists,
    private readonly features: number,
    private readonly outputs: number,
    private readonly splits: readonly SplitColumn[],
  ) {
    lists.trees.forEach((tree, i) => this.places.set(nodeKey(tree, lists.ids[i]!), i));
    lists.weightTrees.forEach((tree, i) => {
      const key = nodeKey(tree, lists.weightNodes[i]!);
      const list = this.weights.get(key) ?? [];
      list.push({ output: lists.weightOutputs[i]!, weight: lists.weights[i]! });
      this.weights.set(key, list);
    });
  }

  read(): { nodes: ReadNode[]; trees: { root: number; output: number }[] } {
    const { trees } = this.lists;
    const roots = trees.flatMap((tree, i) => (i === 0 || trees[i - 1] !== tree ? [i] : []));
    const vector = this.lists.weights.length > this.lists.modes.filter((mode) => mode === 'LEAF').length;
    return {
      nodes: trees.map((_, i) => this.node(i)),
      trees: roots.map((root) => ({ root, output: vector ? -1 : this.outputOf(root) })),
    };
  }

  private node(i: number): ReadNode {
    const { lists, features } = this;
    const tree = lists.trees[i]!;
    if (lists.modes[i] === 'LEAF') {
      const values = this.weights.get(nodeKey(tree, lists.ids[i]!)) ?? [];
      return { values: values.map(({ weight }) => weight) };
    }
    const feature = lists.features[i]!;
    const children = { left: this.place(tree, lists.yes[i]!), right: this.place(tree, lists.no[i]!) };
    if (feature < features) {
      const missingLeft = lists.missingTrue[i]!;
      return { ...children, feature, threshold: lists.thresholds[i]!, missingLeft, goesLeft: null };
    }
    const split = this.splits[feature - features];
    if (split === undefined) throw new NotUnderstood(`no column ${feature}`);
    const missingLeft = split.goesRight.at(-1)! ? 0 : 1;
    return {
      ...children,
      feature: split.feature,
      threshold: 0,
      missingLeft,
      goesLeft: goesLeftByCode(split),
    };
  }

  private place(tree: number, id: number): number {
    const place = this.places.get(nodeKey(tree, id));
    if (place === undefined) throw new NotUnderstood(`tree ${tree} has no node ${id}`);
    return place;
  }

  /** Which output a tree adds to: that of its first leaf; re-encoding shows whether that holds for all. */
  private outputOf(root: number): number {
    const { lists } = this;
    let leaf = root;
    while (lists.modes[leaf] !== 'LEAF') leaf++;
    return this.weights.get(nodeKey(lists.trees[leaf]!, lists.ids[leaf]!))?.[0]?.output ?? 0;
  }
}

/** Values beyond this do not stand for an unknown category in any pipeline of ours. */
const MOST_CODES = 1_000_000;

function goesLeftByCode({ goesRight, unknown }: SplitColumn): boolean[] {
  const goesLeft = goesRight.slice(0, -2).map((right) => !right);
  if (unknown >= goesLeft.length && unknown < MOST_CODES && goesRight.at(-2) === false) {
    while (goesLeft.length < Math.floor(unknown)) goesLeft.push(false);
    goesLeft.push(true);
  }
  return goesLeft;
}
