import * as fc from 'fast-check';

import { decodeOnnx } from '../format/decode-onnx';
import { encodeOnnx } from '../format/encode-onnx';
import type { OnnxModel } from '../format/onnx-model';
import { plainPredict } from '../testing/plain-walk.factory';
import { randomPipeline, randomTable, type PipelineOptions } from '../testing/random-pipeline.factory';
import { writeOnnx } from '../write/write-onnx';
import { pipelineFromOnnx } from './pipeline-from-onnx';
import { scorerFromOnnx } from './scorer-from-onnx';

const options: fc.Arbitrary<PipelineOptions> = fc.record({
  seed: fc.integer(),
  task: fc.constantFrom('binary', 'multiclass', 'regression', 'ranking'),
  predictor: fc.constantFrom('trees', 'linear'),
  forest: fc.boolean(),
  leafWise: fc.boolean(),
  classes: fc.integer({ min: 3, max: 5 }),
  trees: fc.integer({ min: 0, max: 9 }),
  depth: fc.integer({ min: 0, max: 9 }),
});

describe('scorerFromOnnx', () => {
  it('scores the files that writeOnnx wrote as the pipeline itself, bit for bit', () => {
    fc.assert(
      fc.property(options, (each) => {
        const fitted = randomPipeline(each);
        const table = randomTable(each.seed ^ 5, 60, { missingBooleans: true });
        const scorer = scorerFromOnnx(writeOnnx(fitted, { dataset: 'd1' }))!;
        expect(scorer).not.toBeNull();
        const want = plainPredict(fitted, table);
        const got = new Float64Array(want.length);
        scorer.scoreTable(table, got);
        expect(got).toEqual(want);
        expect([scorer.task, scorer.classes, scorer.inputs]).toEqual([
          fitted.task,
          fitted.classes,
          fitted.inputs,
        ]);
        expect(scorer.metadata).toEqual({ dataset: 'd1' });
        expect(scorer.tensorInput).toBeNull();
      }),
      { numRuns: 120 },
    );
  });

  it('reads back what an unknown category does where it counts as a code of its own', () => {
    const fitted = randomPipeline({ seed: 21, trees: 60, depth: 6 });
    const unknown = {
      kind: 'ordinal',
      input: 'colour',
      categories: ['red', 'blue'],
      unknown: 40,
      width: 1,
    } as const;
    const changed = { ...fitted, encoders: fitted.encoders.with(7, unknown) };
    const table = randomTable(22, 400);
    const want = plainPredict(changed, table);
    const got = new Float64Array(want.length);
    scorerFromOnnx(writeOnnx(changed, {}))!.scoreTable(table, got);
    expect(got).toEqual(want);
  });

  const bytes = writeOnnx(randomPipeline({ seed: 1 }), { dataset: 'd1' });
  const refused = (change: (model: OnnxModel) => OnnxModel) => {
    const changed = encodeOnnx(change(decodeOnnx(bytes)));
    expect(changed).not.toEqual(bytes);
    expect(scorerFromOnnx(changed)).toBeNull();
  };

  it('refuses our own layout with anything in it changed', () => {
    const node = (change: object) => (model: OnnxModel) => ({
      ...model,
      graph: { ...model.graph, nodes: model.graph.nodes.with(0, { ...model.graph.nodes[0]!, ...change }) },
    });
    refused(node({ opType: 'Neg' }));
    refused(node({ inputs: ['colour'] }));
    refused(node({ attributes: [{ name: 'axis', kind: 'int', value: 1 }] }));
    refused((model) => ({ ...model, graph: { ...model.graph, nodes: model.graph.nodes.slice(0, -1) } }));
    refused((model) => ({ ...model, graph: { ...model.graph, inputs: model.graph.inputs.slice(1) } }));
    refused((model) => ({ ...model, producerVersion: '1' }));
    refused((model) => ({ ...model, opsets: [...model.opsets].reverse() }));
    refused((model) => ({ ...model, metadata: [...model.metadata, ...model.metadata] }));
  });

  it('refuses a file cut off anywhere, and other bytes', () => {
    for (let end = 0; end < bytes.length; end += 97)
      expect(scorerFromOnnx(bytes.subarray(0, end))).toBeNull();
    expect(scorerFromOnnx(Buffer.from('no model'))).toBeNull();
  });

  it('never scores a damaged file differently: each changed byte is refused or is another whole model', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, xor) => {
        const damaged = bytes.slice();
        damaged[at] = damaged[at]! ^ xor;
        const read = pipelineFromOnnx(damaged);
        if (read !== null) expect(Buffer.compare(writeOnnx(read.fitted, read.metadata), damaged)).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('reads from a Buffer that is part of a larger one', () => {
    const padded = Buffer.concat([Buffer.from('xyz'), bytes]);
    expect(scorerFromOnnx(padded.subarray(3))).not.toBeNull();
  });
});
