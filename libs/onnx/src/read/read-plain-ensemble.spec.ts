import { InferenceSession, Tensor } from 'onnxruntime-node';

import { decodeOnnx } from '../format/decode-onnx';
import { encodeOnnx } from '../format/encode-onnx';
import type { OnnxModel, OnnxNode } from '../format/onnx-model';
import { nextDown, nextUp } from '../pipeline/neighbours';
import { FEW_VALUES, plainEnsemble, type PlainOptions } from '../testing/plain-ensemble.factory';
import { Random } from '../testing/random-pipeline.factory';
import { scorerFromOnnx } from './scorer-from-onnx';

const ROWS = 400;
const MODES = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT'];

/** Values at, beside and between the thresholds, as float32 models and double models can tell them apart. */
function values(seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: ROWS * 4 }, () => {
    const near = random.pick(FEW_VALUES);
    const float = Math.fround(near);
    return random.pick([
      NaN,
      Infinity,
      -Infinity,
      near,
      float,
      nextUp(near),
      nextDown(near),
      nextUp(float),
      random.next(),
    ]);
  });
}

async function compare(options: PlainOptions): Promise<number> {
  const bytes = plainEnsemble(options);
  const scorer = scorerFromOnnx(bytes);
  if (scorer === null) throw new Error('not understood');
  expect(scorer.tensorInput).toEqual({ name: 'X', type: options.type });
  const dense = values(options.seed);
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const input = options.type === 'float' ? Float32Array.from(dense) : dense;
  const type = options.type === 'float' ? 'float32' : 'float64';
  const answer = await session.run({ X: new Tensor(type, input as Float64Array, [ROWS, 4]) });
  await session.release();
  const want = answer['Y']!.data as Float32Array;
  const got = new Float64Array(ROWS * scorer.width);
  scorer.scoreDenseBatch(dense, ROWS, got);
  expect(got).toHaveLength(want.length);
  return got.reduce((most, each, i) => Math.max(most, Math.abs(each - want[i]!)), 0);
}

describe('a plain TreeEnsemble of other tools', () => {
  const types = ['float', 'double'] as const;
  const cases: PlainOptions[] = types.flatMap((type) => [
    { seed: 1, type, operator: 'TreeEnsembleRegressor', modes: MODES },
    { seed: 2, type, operator: 'TreeEnsembleRegressor', modes: MODES, base: true, aggregate: 'SUM' },
    { seed: 3, type, operator: 'TreeEnsembleRegressor', aggregate: 'AVERAGE', base: true },
    { seed: 4, type, operator: 'TreeEnsembleRegressor', modes: ['BRANCH_LT'] },
    { seed: 5, type, operator: 'TreeEnsembleClassifier', single: true, transform: 'LOGISTIC' },
    { seed: 6, type, operator: 'TreeEnsembleClassifier', single: true, transform: 'LOGISTIC', base: true },
    { seed: 7, type, operator: 'TreeEnsembleClassifier', single: true, positive: true },
    { seed: 8, type, operator: 'TreeEnsembleClassifier', classes: 3, transform: 'SOFTMAX', base: true },
    { seed: 9, type, operator: 'TreeEnsembleClassifier', classes: 4, positive: true, modes: MODES },
    { seed: 10, type, operator: 'TreeEnsembleClassifier', classes: 2, positive: true },
    { seed: 11, type, operator: 'TreeEnsembleClassifier', classes: 2, transform: 'SOFTMAX' },
  ]);
  it.each(cases)('answers as ONNX Runtime for %j', async (options) => {
    for (let seed = 0; seed < 5; seed++)
      expect(await compare({ ...options, seed: options.seed + 100 * seed })).toBeLessThan(1e-6);
  });

  const changed = (
    change: (node: OnnxNode) => OnnxNode,
    rest: (model: OnnxModel) => OnnxModel = (model) => model,
  ) => {
    const model = decodeOnnx(plainEnsemble({ seed: 1, type: 'double', operator: 'TreeEnsembleRegressor' }));
    return scorerFromOnnx(
      encodeOnnx(rest({ ...model, graph: { ...model.graph, nodes: model.graph.nodes.map(change) } })),
    );
  };
  const replaced = (name: string, change: (value: never) => unknown) =>
    changed((node) => ({
      ...node,
      attributes: node.attributes.map((each) =>
        each.name === name ? ({ ...each, value: change(each.value as never) } as typeof each) : each,
      ),
    }));

  it('refuses what it does not understand', () => {
    const same = (node: OnnxNode) => node;
    expect(changed(same)).not.toBeNull();
    const more = (attribute: OnnxNode['attributes'][number]) =>
      changed((node) => ({ ...node, attributes: [...node.attributes, attribute] }));
    expect(more({ name: 'aggregate_function', kind: 'string', value: 'MIN' })).toBeNull();
    expect(more({ name: 'post_transform', kind: 'string', value: 'PROBIT' })).toBeNull();
    expect(more({ name: 'something', kind: 'int', value: 1 })).toBeNull();
    expect(more({ name: 'base_values', kind: 'floats', value: [1, 2] })).toBeNull();
    expect(more({ name: 'nodes_values', kind: 'floats', value: [1] })).toBeNull();
    expect(changed((node) => ({ ...node, domain: '' }))).toBeNull();
    expect(changed((node) => ({ ...node, opType: 'SVMRegressor' }))).toBeNull();
    expect(replaced('nodes_modes', (modes: string[]) => modes.map((m) => m.replace('LEQ', 'EQ')))).toBeNull();
    expect(replaced('nodes_truenodeids', (ids: number[]) => ids.map(() => 0))).toBeNull();
    expect(replaced('nodes_truenodeids', (ids: number[]) => ids.map(() => 99))).toBeNull();
    expect(replaced('nodes_featureids', (ids: number[]) => ids.map(() => 4))).toBeNull();
    expect(replaced('nodes_featureids', (ids: number[]) => ids.slice(1))).toBeNull();
    expect(replaced('target_nodeids', (ids: number[]) => ids.map(() => 0))).toBeNull();
    expect(replaced('target_ids', (ids: number[]) => ids.map(() => 1))).toBeNull();
    expect(replaced('n_targets', () => 2)).toBeNull();
    expect(
      changed(same, (model) => ({ ...model, opsets: [{ domain: 'ai.onnx.ml', version: 5 }] })),
    ).toBeNull();
    const graph = (change: object) =>
      changed(same, (model) => ({ ...model, graph: { ...model.graph, ...change } }));
    expect(graph({ inputs: [{ name: 'X', type: 'double', dims: ['N', 'F'], doc: '' }] })).toBeNull();
    expect(graph({ inputs: [{ name: 'X', type: 'int64', dims: ['N', 4], doc: '' }] })).toBeNull();
    expect(graph({ outputs: [{ name: 'Z', type: 'float', dims: ['N', 1], doc: '' }] })).toBeNull();
  });

  it('refuses a classifier whose meaning is vague', () => {
    const classifier = { seed: 1, type: 'float', operator: 'TreeEnsembleClassifier' } as const;
    const refused = (options: Partial<PlainOptions>) =>
      expect(scorerFromOnnx(plainEnsemble({ ...classifier, ...options }))).toBeNull();
    refused({ single: true, positive: true, transform: 'LOGISTIC' });
    refused({ single: true });
    refused({ classes: 3, transform: 'LOGISTIC' });
    refused({ classes: 3, transform: 'SOFTMAX_ZERO' });
    refused({ classes: 3, single: true });
  });
});
