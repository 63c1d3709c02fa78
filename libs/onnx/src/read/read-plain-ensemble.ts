import { AppError, errors } from '@steward/kernel';
import type { FittedPipeline, TreeEnsemble } from '@steward/learning';

import { decodeOnnx } from '../format/decode-onnx';
import type { OnnxModel, OnnxNode, OnnxValueInfo } from '../format/onnx-model';
import { nextDown, nextFloatDown, widenedThreshold } from '../pipeline/neighbours';
import { validatePipeline } from '../pipeline/validate-pipeline';
import { buildEnsemble, type ReadNode } from './ensemble-builder';
import { attribute, findAttribute, NotUnderstood } from './graph-index';
import { nodeKey, readTreeLists, type TreeLists } from './tree-lists';

export interface PlainEnsemble {
  readonly fitted: FittedPipeline;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensorInput: { readonly name: string; readonly type: 'float' | 'double' };
}

const ML_VERSIONS = [1, 2, 3];
const MOST_FEATURES = 100_000;

/**
 * Reads a model that is one tree ensemble operator over one tensor, whoever made it, or returns null if anything in
 * it is not understood. float32 models compare float32: their thresholds are widened so that comparing doubles
 * gives the same answer. Leaves are summed in doubles, where ONNX Runtime sums float32 models in float32.
 */
export function readPlainEnsemble(bytes: Uint8Array): PlainEnsemble | null {
  try {
    return readModel(decodeOnnx(bytes));
  } catch (error) {
    if (error instanceof NotUnderstood || AppError.is(error)) return null;
    throw error;
  }
}

function readModel(model: OnnxModel): PlainEnsemble {
  const { graph, opsets } = model;
  const [node, ...more] = graph.nodes;
  const [input, ...others] = graph.inputs;
  if (node === undefined || more.length > 0 || graph.initializers.length > 0)
    throw new NotUnderstood('nodes');
  if (input === undefined || others.length > 0 || node.inputs.join() !== input.name)
    throw new NotUnderstood('inputs');
  const ml = opsets.find(({ domain }) => domain === 'ai.onnx.ml')?.version ?? 0;
  if (!ML_VERSIONS.includes(ml) || node.domain !== 'ai.onnx.ml') throw new NotUnderstood('operator set');
  const wanted = node.outputs.filter((name) => name !== '');
  if (graph.outputs.some(({ name }) => !wanted.includes(name))) throw new NotUnderstood('outputs');
  const { features, type } = inputShape(input);
  const read = node.opType === 'TreeEnsembleRegressor' ? readRegressor : readClassifier;
  const predictor = read(node, features, type);
  const inputs = Array.from({ length: features }, (_, j) => ({
    name: `${input.name}[${j}]`,
    kind: 'numeric' as const,
  }));
  const fitted: FittedPipeline = {
    ...predictor,
    inputs,
    encoders: inputs.map(({ name }) => ({
      kind: 'number',
      input: name,
      fill: null,
      center: 0,
      scale: 1,
      width: 1,
    })),
  };
  validatePipeline(fitted);
  const metadata = Object.fromEntries(model.metadata.map(({ key, value }) => [key, value]));
  return { fitted, metadata, tensorInput: { name: input.name, type } };
}

function inputShape({ type, dims }: OnnxValueInfo): { features: number; type: 'float' | 'double' } {
  const features = dims[1];
  if ((type !== 'float' && type !== 'double') || dims.length !== 2) throw new NotUnderstood('input type');
  if (typeof features !== 'number' || features < 1 || features > MOST_FEATURES)
    throw new NotUnderstood('input shape');
  return { features, type };
}

type Read = Pick<FittedPipeline, 'task' | 'classes' | 'predictor'>;

const COMMON = [
  'base_values',
  'base_values_as_tensor',
  'nodes_falsenodeids',
  'nodes_featureids',
  'nodes_hitrates',
  'nodes_hitrates_as_tensor',
  'nodes_missing_value_tracks_true',
  'nodes_modes',
  'nodes_nodeids',
  'nodes_treeids',
  'nodes_truenodeids',
  'nodes_values',
  'nodes_values_as_tensor',
  'post_transform',
];
const weightNames = (of: string): string[] =>
  ['ids', 'nodeids', 'treeids', 'weights', 'weights_as_tensor'].map((part) => `${of}_${part}`);
const REGRESSOR = new Set([...COMMON, ...weightNames('target'), 'n_targets', 'aggregate_function']);
const CLASSIFIER = new Set([...COMMON, ...weightNames('class'), 'classlabels_int64s', 'classlabels_strings']);

function checkAttributes(node: OnnxNode, known: ReadonlySet<string>): void {
  for (const { name } of node.attributes) if (!known.has(name)) throw new NotUnderstood(`attribute ${name}`);
  if (new Set(node.attributes.map(({ name }) => name)).size !== node.attributes.length) {
    throw new NotUnderstood('an attribute is given twice');
  }
}

function readRegressor(node: OnnxNode, features: number, type: 'float' | 'double'): Read {
  if (node.opType !== 'TreeEnsembleRegressor' || node.outputs.length !== 1)
    throw new NotUnderstood(node.opType);
  checkAttributes(node, REGRESSOR);
  const aggregate = findAttribute(node, 'aggregate_function', 'string') ?? 'SUM';
  const transform = findAttribute(node, 'post_transform', 'string') ?? 'NONE';
  if ((aggregate !== 'SUM' && aggregate !== 'AVERAGE') || transform !== 'NONE')
    throw new NotUnderstood(aggregate);
  if (attribute(node, 'n_targets', 'int') !== 1) throw new NotUnderstood('several targets');
  const lists = readTreeLists(node, 'target');
  const head = {
    features,
    outputs: 1,
    aggregate: aggregate === 'SUM' ? 'sum' : 'mean',
    link: 'identity',
  } as const;
  return {
    task: 'regression',
    classes: [],
    predictor: { kind: 'trees', ensemble: ensembleOf(lists, type, head) },
  };
}

/**
 * ONNX Runtime's reading of the operator, where the standard is vague. Two classes and weights for one of them: the
 * sum is the score of the second class, except that NONE with no negative weight takes it as a probability. All
 * other cases must name a score for each class.
 */
function readClassifier(node: OnnxNode, features: number, type: 'float' | 'double'): Read {
  if (node.opType !== 'TreeEnsembleClassifier') throw new NotUnderstood(node.opType);
  checkAttributes(node, CLASSIFIER);
  const lists = readTreeLists(node, 'class');
  const classes = (
    findAttribute(node, 'classlabels_strings', 'strings') ?? attribute(node, 'classlabels_int64s', 'ints')
  ).map(String);
  const transform = findAttribute(node, 'post_transform', 'string') ?? 'NONE';
  const single = classes.length === 2 && new Set(lists.weightOutputs).size === 1;
  const outputs = single ? 1 : classes.length;
  const link = single ? singleLink(transform, lists) : manyLink(transform, lists, classes.length);
  const scored = single ? { ...lists, weightOutputs: lists.weightOutputs.map(() => 0) } : lists;
  const ensemble = ensembleOf(scored, type, { features, outputs, aggregate: 'sum', link });
  const task = classes.length === 2 ? 'binary' : 'multiclass';
  return { task, classes, predictor: { kind: 'trees', ensemble } };
}

function singleLink(transform: string, { weights }: TreeLists): TreeEnsemble['link'] {
  const negative = Array.from(weights).some((weight) => weight < 0);
  if (transform === 'LOGISTIC' && negative) return 'logistic';
  if (transform === 'NONE' && !negative) return 'identity';
  throw new NotUnderstood(`${transform} of one score`);
}

function manyLink(transform: string, { weightOutputs }: TreeLists, classes: number): TreeEnsemble['link'] {
  if (new Set(weightOutputs).size !== classes) throw new NotUnderstood('a class without a score');
  if (transform === 'SOFTMAX') return 'softmax';
  if (transform === 'NONE') return 'identity';
  throw new NotUnderstood(transform);
}

type Head = Pick<TreeEnsemble, 'features' | 'outputs' | 'aggregate' | 'link'>;

function ensembleOf(lists: TreeLists, type: 'float' | 'double', head: Head): TreeEnsemble {
  const { base, trees } = lists;
  if (base.length !== 0 && base.length !== head.outputs) throw new NotUnderstood('base values');
  const reader = new PlainTreeReader(lists, type, head.outputs);
  const roots = trees.flatMap((tree, i) => (i === 0 || trees[i - 1] !== tree ? [i] : []));
  if (new Set(roots.map((root) => trees[root])).size !== roots.length)
    throw new NotUnderstood('a tree is in pieces');
  const output = head.outputs === 1 ? 0 : -1;
  const baseValues = base.length === 0 ? new Float64Array(head.outputs) : Float64Array.from(base);
  const read = roots.map((root) => ({ root, output }));
  return buildEnsemble({ ...head, base: baseValues }, read, reader.nodes());
}

class PlainTreeReader {
  private readonly places = new Map<number, number>();
  private readonly leaves = new Map<number, number[]>();

  constructor(
    private readonly lists: TreeLists,
    private readonly type: 'float' | 'double',
    outputs: number,
  ) {
    lists.trees.forEach((tree, i) => {
      const key = nodeKey(tree, lists.ids[i]!);
      if (this.places.has(key)) throw new NotUnderstood(`node ${key} is given twice`);
      this.places.set(key, i);
    });
    lists.weightTrees.forEach((tree, i) => {
      const key = nodeKey(tree, lists.weightNodes[i]!);
      const output = lists.weightOutputs[i]!;
      const leaf = this.leaves.get(key) ?? Array<number>(outputs).fill(Number.NaN);
      if (!Number.isNaN(leaf[output]))
        throw new NotUnderstood(`leaf ${key} has a weight twice or an unknown one`);
      leaf[output] = lists.weights[i]!;
      this.leaves.set(key, leaf);
    });
    if (Array.from(lists.weights).some(Number.isNaN)) throw new NotUnderstood('a weight is not a number');
  }

  nodes(): ReadNode[] {
    return this.lists.trees.map((tree, i) =>
      this.lists.modes[i] === 'LEAF' ? this.leaf(tree, i) : this.split(tree, i),
    );
  }

  private leaf(tree: number, i: number): ReadNode {
    const leaf = this.leaves.get(nodeKey(tree, this.lists.ids[i]!));
    if (leaf === undefined) throw new NotUnderstood('a leaf has no weight');
    if (leaf.length === 1 && Number.isNaN(leaf[0])) throw new NotUnderstood('a leaf has no weight');
    return { values: leaf.map((weight) => (Number.isNaN(weight) ? 0 : weight)) };
  }

  /** Every comparison as `value <= threshold`: GTE and GT by changing sides, LT and GTE by the number below. */
  private split(tree: number, i: number): ReadNode {
    const { modes, thresholds, features, missingTrue, yes, no } = this.lists;
    const mode = modes[i]!;
    if (!['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT'].includes(mode)) throw new NotUnderstood(mode);
    const strict = mode === 'BRANCH_LT' || mode === 'BRANCH_GTE';
    const swapped = mode === 'BRANCH_GT' || mode === 'BRANCH_GTE';
    const [left, right] = swapped ? [no, yes] : [yes, no];
    const missingYes = missingTrue[i] === 1;
    return {
      feature: features[i]!,
      threshold: this.threshold(thresholds[i]!, strict),
      left: this.place(tree, left[i]!),
      right: this.place(tree, right[i]!),
      missingLeft: missingYes === swapped ? 0 : 1,
      goesLeft: null,
    };
  }

  private threshold(value: number, strict: boolean): number {
    // Nothing is below -Infinity, so `value <= threshold` cannot say `value < -Infinity`.
    if (strict && value === -Infinity) throw new NotUnderstood('a split at -Infinity');
    if (this.type === 'double') return strict ? nextDown(value) : value;
    if (!Object.is(Math.fround(value), value)) throw new NotUnderstood('a threshold that is no float32');
    return widenedThreshold(strict ? nextFloatDown(value) : value);
  }

  private place(tree: number, id: number): number {
    const place = this.places.get(nodeKey(tree, id));
    if (place === undefined) throw errors.invalid('ONNX.UNREADABLE', `Tree ${tree} has no node ${id}.`);
    return place;
  }
}
