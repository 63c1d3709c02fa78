/**
 * Rebuilds a model of ours as other tools write it, ONNX Runtime's fastest form: a single TreeEnsembleClassifier
 * with float32 thresholds over one float32 tensor.
 */
function oneTensor(bytes, { decodeOnnx }, { encodeOnnx }) {
  const { graph, ...model } = decodeOnnx(bytes);
  const trees = graph.nodes.find((node) => node.opType === 'TreeEnsembleRegressor');
  const attributes = trees.attributes.flatMap((each) => {
    if (each.name === 'n_targets') return [];
    const name = each.name.replace('target_', 'class_').replace('_as_tensor', '');
    const list = each.kind === 'tensor' ? [...each.value.values] : each.value;
    const kind = each.kind === 'tensor' ? 'floats' : each.kind;
    return [{ name, kind, value: name.startsWith('class_') ? wholeLeaves(name, list) : list }];
  });
  attributes.push({ name: 'classlabels_int64s', kind: 'ints', value: [0, 1] });
  attributes.push({ name: 'post_transform', kind: 'string', value: 'LOGISTIC' });
  const features = graph.inputs.length;
  return encodeOnnx({
    ...model,
    producerName: 'benchmark',
    graph: {
      name: 'one-tensor',
      initializers: [],
      nodes: [{ ...trees, opType: 'TreeEnsembleClassifier', inputs: ['X'], outputs: ['L', 'Y'], attributes }],
      inputs: [{ name: 'X', type: 'float', dims: ['N', features], doc: '' }],
      outputs: [
        { name: 'L', type: 'int64', dims: ['N'], doc: '' },
        { name: 'Y', type: 'float', dims: ['N', 2], doc: '' },
      ],
    },
  });
}

/** Our leaves are in two parts, one behind the other: high and low. */
function wholeLeaves(name, list) {
  const whole = [];
  for (let i = 0; i < list.length; i += 2) {
    whole.push(name === 'class_weights' ? list[i] + list[i + 1] : list[i]);
  }
  return whole;
}

module.exports = { oneTensor };
