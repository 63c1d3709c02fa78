// Our TreeSHAP on the trees and rows of shap_rival.py: `shap-ours.mjs FOLDER`. Prints times and how far values differ.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { L } from './data.mjs';
import { timed } from './timing.mjs';

const [folder] = process.argv.slice(2);
const doubles = (name) => {
  const bytes = readFileSync(join(folder, name));
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
};
const { learner } = JSON.parse(readFileSync(join(folder, 'shap-model.json'), 'utf8'));
const trees = learner.gradient_booster.model.trees;
const features = Number(learner.learner_model_param.num_feature);
const model = {
  ...pipelineOf(features),
  predictor: { kind: 'trees', ensemble: ensembleOf(trees, features) },
};
const x = doubles('shap.x');
const rows = x.length / features;
const table = L.createTable(
  model.inputs.map(({ name }, j) => {
    const column = new Float64Array(rows).map((_, row) => x[row * features + j]);
    return L.numericColumn(name, column);
  }),
);
const wanted = doubles('shap.values');
let { values } = L.explain(model, table);
const times = [];
for (let i = 0; i < 5; i++) {
  const [time, explained] = timed(() => L.explain(model, table));
  times.push(time);
  values = explained.values;
}
// XGBoost's rows end with the base.
const difference = values.reduce((most, value, i) => {
  const want = wanted[Math.floor(i / features) * (features + 1) + (i % features)];
  return Math.max(most, Math.abs(value - want));
}, 0);
process.stdout.write(`${JSON.stringify({ rows, times, difference })}\n`);

function pipelineOf(count) {
  const inputs = Array.from({ length: count }, (_, j) => ({ name: `x${j}`, kind: 'numeric' }));
  const plain = { kind: 'number', fill: null, center: 0, scale: 1, width: 1 };
  return {
    task: 'binary',
    inputs,
    encoders: inputs.map(({ name }) => ({ ...plain, input: name })),
    classes: ['0', '1'],
  };
}

/** XGBoost's trees: its test is `<` on float32, ours `<=` on doubles, so thresholds move to the double below. */
function ensembleOf(list, count) {
  const starts = [];
  let nodes = 0;
  for (const tree of list) {
    starts.push(nodes);
    nodes += tree.left_children.length;
  }
  const all = (of) =>
    list.flatMap((tree, t) => tree.left_children.map((left, i) => of(tree, i, starts[t], left)));
  return {
    features: count,
    outputs: 1,
    base: new Float64Array(1),
    roots: Int32Array.from(starts),
    treeOutput: new Int32Array(list.length),
    feature: Int32Array.from(all((tree, i) => tree.split_indices[i])),
    threshold: Float64Array.from(all((tree, i) => below(Math.fround(tree.split_conditions[i])))),
    left: Int32Array.from(all((_, __, start, left) => (left < 0 ? -1 : start + left))),
    right: Int32Array.from(all((tree, i, start, left) => (left < 0 ? -1 : start + tree.right_children[i]))),
    missingLeft: Uint8Array.from(all((tree, i) => tree.default_left[i])),
    categoryOffset: new Int32Array(nodes).fill(-1),
    categoryBits: new Uint32Array(0),
    leafValues: Float64Array.from(all((tree, i, _, left) => (left < 0 ? tree.split_conditions[i] : 0))),
    cover: Float64Array.from(all((tree, i) => tree.sum_hessian[i])),
    aggregate: 'sum',
    link: 'logistic',
  };
}

/** A double just below a float32; no row holds what lies between. */
function below(threshold) {
  return threshold - Math.abs(threshold) * 2 ** -50 - Number.MIN_VALUE;
}
