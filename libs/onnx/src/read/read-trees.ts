import type { FittedEncoder, TreeEnsemble } from '@steward/learning';

import { featureLayout } from '../pipeline/feature-layout';
import { buildEnsemble, type ReadNode } from './ensemble-builder';
import { attribute, type GraphIndex, NotUnderstood } from './graph-index';
import { readTreeLists, type TreeLists } from './tree-lists';

/** Reads the ensemble of a graph that `writeOnnx` wrote. */
export function readTrees(
  graph: GraphIndex,
  encoders: readonly FittedEncoder[],
  link: TreeEnsemble['link'],
): TreeEnsemble {
  const { features } = featureLayout(encoders);
  const node = graph.node('steward/trees');
  const outputs = attribute(node, 'n_targets', 'int') / 2;
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
  readonly missingLeft: number;
  readonly goesLeft: readonly boolean[];
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
      const goesLeft = goesLeftByCode(goesRight, encoder.unknown);
      columns.push({ feature, missingLeft: goesRight.at(-1) ? 0 : 1, goesLeft });
    }
  }
  return columns;
}

/**
 * Reads nodes on the footing that trees are numbered in preorder and leaf weights follow the leaves, as `writeOnnx`
 * does it. Where that does not hold, the pipeline that comes out is another one, and writing it again shows it.
 */
class TreeReader {
  private readonly starts = new Map<number, number>();
  /** Values for each leaf; each has two weights, its parts. */
  private readonly stride: number;
  private nextWeight = 0;

  constructor(
    private readonly lists: TreeLists,
    private readonly features: number,
    outputs: number,
    private readonly splits: readonly SplitColumn[],
  ) {
    const { trees, modes, weights } = lists;
    trees.forEach((tree, i) => {
      if (i === 0 || trees[i - 1] !== tree) this.starts.set(tree, i);
    });
    let leaves = 0;
    for (const mode of modes) if (mode === 'LEAF') leaves++;
    this.stride = weights.length === 2 * leaves ? 1 : outputs;
  }

  read(): { nodes: ReadNode[]; trees: { root: number; output: number }[] } {
    const { trees, weightTrees, weightOutputs } = this.lists;
    const outputs = new Map<number, number>();
    // The first part of a leaf names its output; the second is that of the low sums.
    weightTrees.forEach((tree, i) => {
      if (i % 2 === 0) outputs.set(tree, this.stride === 1 ? weightOutputs[i]! : -1);
    });
    return {
      nodes: trees.map((tree, i) => this.node(tree, i)),
      trees: Array.from(this.starts, ([tree, root]) => ({ root, output: outputs.get(tree) ?? 0 })),
    };
  }

  private weight(): number {
    return this.lists.weights[this.nextWeight++] ?? Number.NaN;
  }

  private node(tree: number, i: number): ReadNode {
    const { lists, features, stride } = this;
    if (lists.modes[i] === 'LEAF') {
      const values: number[] = [];
      for (let k = 0; k < stride; k++) values.push(this.weight() + this.weight());
      return { values };
    }
    const feature = lists.features[i]!;
    const start = this.starts.get(tree)!;
    const left = start + lists.yes[i]!;
    const right = start + lists.no[i]!;
    if (feature < features) {
      const missingLeft = lists.missingTrue[i]!;
      return { feature, threshold: lists.thresholds[i]!, left, right, missingLeft, goesLeft: null };
    }
    const split = this.splits[feature - features];
    if (split === undefined) throw new NotUnderstood(`no column ${feature}`);
    const { missingLeft, goesLeft } = split;
    return { feature: split.feature, threshold: 0, left, right, missingLeft, goesLeft };
  }
}

/** Values beyond this do not stand for an unknown category in any pipeline of ours. */
const MOST_CODES = 1_000_000;

/** `goesRight` ends with what was not seen, whose code is `unknown`, and with missing. */
function goesLeftByCode(goesRight: readonly boolean[], unknown: number): boolean[] {
  const goesLeft = goesRight.slice(0, -2).map((right) => !right);
  if (unknown >= goesLeft.length && unknown < MOST_CODES && goesRight.at(-2) === false) {
    while (goesLeft.length < Math.floor(unknown)) goesLeft.push(false);
    goesLeft.push(true);
  }
  return goesLeft;
}
