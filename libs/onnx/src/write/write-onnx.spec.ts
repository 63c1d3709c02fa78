import type { FittedPipeline } from '@steward/learning';
import * as fc from 'fast-check';

import { decodeOnnx } from '../format/decode-onnx';
import { randomPipeline } from '../testing/random-pipeline.factory';
import { writeOnnx } from './write-onnx';

describe('writeOnnx', () => {
  it('gives the same bytes for the same pipeline, whatever the order of the metadata', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const first = writeOnnx(randomPipeline({ seed }), { b: '2', a: '1', Z: '' });
        const again = writeOnnx(randomPipeline({ seed }), { Z: '', a: '1', b: '2' });
        expect(Buffer.compare(first, again)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on how nodes are numbered, on cover or on spare category bits', () => {
    const fitted = randomPipeline({ seed: 4 });
    if (fitted.predictor.kind !== 'trees') throw new Error('trees expected');
    const { ensemble } = fitted.predictor;
    const nodes = ensemble.feature.length;
    const flip = (i: number): number => (i < 0 ? i : nodes - 1 - i);
    const reversed = {
      ...ensemble,
      roots: ensemble.roots.map(flip),
      feature: ensemble.feature.toReversed(),
      threshold: ensemble.threshold.toReversed(),
      left: ensemble.left.toReversed().map(flip),
      right: ensemble.right.toReversed().map(flip),
      missingLeft: ensemble.missingLeft.toReversed(),
      categoryOffset: ensemble.categoryOffset.toReversed(),
      leafValues: ensemble.leafValues.toReversed(),
      cover: new Float64Array(nodes),
      categoryBits: Uint32Array.of(...ensemble.categoryBits, 1, 2, 3),
    };
    const again: FittedPipeline = { ...fitted, predictor: { kind: 'trees', ensemble: reversed } };
    expect(writeOnnx(again, {})).toEqual(writeOnnx(fitted, {}));
  });

  it('states versions, inputs, outputs and metadata', () => {
    const model = decodeOnnx(writeOnnx(randomPipeline({ seed: 1 }), { pipeline: 'p', dataset: 'd' }));
    expect(model).toMatchObject({
      irVersion: 9,
      opsets: [
        { domain: '', version: 17 },
        { domain: 'ai.onnx.ml', version: 3 },
      ],
      producerName: 'steward',
      metadata: [
        { key: 'dataset', value: 'd' },
        { key: 'pipeline', value: 'p' },
      ],
    });
    const { inputs, outputs } = model.graph;
    expect(inputs.map(({ name, type, dims }) => [name, type, dims])).toEqual([
      ['income', 'double', ['N', 1]],
      ['age', 'double', ['N', 1]],
      ['opened at', 'double', ['N', 1]],
      ['member', 'bool', ['N', 1]],
      ['colour', 'string', ['N', 1]],
      ['town', 'string', ['N', 1]],
      ['job', 'string', ['N', 1]],
    ]);
    expect(outputs.map(({ name, type, dims }) => [name, type, dims])).toEqual([
      ['label', 'string', ['N']],
      ['probability', 'double', ['N', 2]],
    ]);
    const regression = decodeOnnx(writeOnnx(randomPipeline({ seed: 1, task: 'regression' }), {}));
    expect(regression.graph.outputs.map(({ name, type, dims }) => [name, type, dims])).toEqual([
      ['prediction', 'double', ['N']],
    ]);
  });

  it('refuses what ONNX cannot say, naming the column', () => {
    const fitted = randomPipeline({ seed: 1, trees: 60 });
    const encoder = (index: number, change: object) => () =>
      writeOnnx(
        {
          ...fitted,
          encoders: fitted.encoders.with(index, { ...fitted.encoders[index], ...change } as never),
        },
        {},
      );
    expect(encoder(5, { categories: ['', 'clerk'] })).toThrow('column job has the empty string');
    expect(encoder(7, { kind: 'lookup', values: [1, 2, 3, 4, 5, 6], missing: 0 })).toThrow('must be ordinal');
    expect(encoder(5, { categories: ['clerk', 'clerk'] })).toThrow('category twice');
    expect(encoder(5, { missing: 2 })).toThrow('has no category with the index 2');
    expect(encoder(0, { input: 'colour' })).toThrow('cannot read colour');
    expect(encoder(0, { input: 'height' })).toThrow('height, which is no input');
    const inputs = (name: string) => () =>
      writeOnnx({ ...fitted, inputs: [...fitted.inputs, { name, kind: 'numeric' }] }, {});
    for (const name of ['label', 'probability', 'prediction', 'steward/x'])
      expect(inputs(name)).toThrow(name);
    expect(inputs('age')).toThrow('Two inputs');
    expect(() => writeOnnx({ ...fitted, inputs: [] }, {})).toThrow('no input');
  });
});
