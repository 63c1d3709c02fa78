import type { OnnxNode } from '../format/onnx-model';
import { attribute, findAttribute, NotUnderstood } from './graph-index';

/** The parallel lists of a TreeEnsembleRegressor or TreeEnsembleClassifier, checked to be of equal length. */
export interface TreeLists {
  readonly trees: readonly number[];
  readonly ids: readonly number[];
  readonly features: readonly number[];
  readonly modes: readonly string[];
  readonly thresholds: ArrayLike<number>;
  readonly missingTrue: readonly number[];
  readonly yes: readonly number[];
  readonly no: readonly number[];
  readonly weightTrees: readonly number[];
  readonly weightNodes: readonly number[];
  readonly weightOutputs: readonly number[];
  readonly weights: ArrayLike<number>;
  readonly base: ArrayLike<number>;
}

/** Reads the lists; `target` is how the operator names its leaf weights: `target` or `class`. */
export function readTreeLists(node: OnnxNode, target: 'target' | 'class'): TreeLists {
  const lists: TreeLists = {
    trees: attribute(node, 'nodes_treeids', 'ints'),
    ids: attribute(node, 'nodes_nodeids', 'ints'),
    features: attribute(node, 'nodes_featureids', 'ints'),
    modes: attribute(node, 'nodes_modes', 'strings'),
    thresholds: numbers(node, 'nodes_values'),
    missingTrue: findAttribute(node, 'nodes_missing_value_tracks_true', 'ints') ?? [],
    yes: attribute(node, 'nodes_truenodeids', 'ints'),
    no: attribute(node, 'nodes_falsenodeids', 'ints'),
    weightTrees: attribute(node, `${target}_treeids`, 'ints'),
    weightNodes: attribute(node, `${target}_nodeids`, 'ints'),
    weightOutputs: attribute(node, `${target}_ids`, 'ints'),
    weights: numbers(node, `${target}_weights`),
    base: numbers(node, 'base_values'),
  };
  checkLengths(lists);
  return lists;
}

function checkLengths(lists: TreeLists): void {
  const { trees, ids, features, modes, thresholds, missingTrue, yes, no } = lists;
  for (const list of [ids, features, modes, thresholds, yes, no]) {
    if (list.length !== trees.length) throw new NotUnderstood('the lists of nodes differ in length');
  }
  if (missingTrue.length !== 0 && missingTrue.length !== trees.length) {
    throw new NotUnderstood('the list of missing directions is too short');
  }
  const { weightTrees, weightNodes, weightOutputs, weights } = lists;
  for (const list of [weightNodes, weightOutputs, weights]) {
    if (list.length !== weightTrees.length) throw new NotUnderstood('the lists of weights differ in length');
  }
}

/** A list of floats, or its form in doubles (`*_as_tensor`, ai.onnx.ml 3); empty where neither is there. */
function numbers(node: OnnxNode, name: string): ArrayLike<number> {
  const tensor = findAttribute(node, `${name}_as_tensor`, 'tensor');
  const floats = findAttribute(node, name, 'floats');
  if (tensor !== undefined && floats !== undefined) throw new NotUnderstood(`${name} is given twice`);
  if (tensor === undefined) return floats ?? [];
  if (tensor.type !== 'double' && tensor.type !== 'float') throw new NotUnderstood(`${name} are no floats`);
  return tensor.values;
}

/** Ids beyond this occur in no model. */
const MOST_IDS = 2 ** 26;

/** The key of a node within the operator. */
export function nodeKey(tree: number, id: number): number {
  if (tree < 0 || id < 0 || tree >= MOST_IDS || id >= MOST_IDS) throw new NotUnderstood('an id out of range');
  return tree * MOST_IDS + id;
}
