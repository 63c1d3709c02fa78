import { binaryTarget, categoricalColumn, createTable, fitPipeline, numericColumn } from '@steward/learning';
import { encodeOnnx, writeOnnx } from '@steward/onnx';

/** A fitted model of Steward's own, as a file: a number and a category. */
export function ownModel(): Uint8Array {
  const rows = Array.from({ length: 300 }, (_, index) => ({
    pirat: ((index * 37) % 101) / 101,
    single: index % 3 === 0 ? 'yes' : 'no',
  }));
  const fitted = fitPipeline(
    { name: 'gbm', params: { trees: 12 } },
    createTable([
      numericColumn(
        'pirat',
        rows.map(({ pirat }) => pirat),
      ),
      categoricalColumn(
        'single',
        rows.map(({ single }) => single),
      ),
    ]),
    binaryTarget(
      rows.map(({ pirat, single }, index) =>
        pirat + (single === 'yes' ? 0.3 : 0) + ((index * 13) % 7) / 20 > 0.8 ? 1 : 0,
      ),
      ['no', 'yes'],
    ),
    { seed: 1 },
  );
  return writeOnnx(fitted, {});
}

/** The same graph, but no longer byte for byte a file of ours: the scorer does not touch it, ONNX Runtime does. */
export function notQuiteOwnModel(): Uint8Array {
  const bytes = Buffer.from(ownModel());
  const at = bytes.indexOf('steward');
  bytes.write('stewart', at);
  return bytes;
}

/** Logistic regression over one float tensor [rows, 2], as other tools write it: output `score` [rows, 1]. */
export function tensorModel(weights: readonly [number, number], bias: number): Uint8Array {
  return encodeOnnx({
    irVersion: 8,
    opsets: [{ domain: '', version: 17 }],
    producerName: 'elsewhere',
    producerVersion: '1',
    metadata: [],
    graph: {
      name: 'g',
      nodes: [
        { opType: 'MatMul', domain: '', name: 'm', inputs: ['X', 'W'], outputs: ['p'], attributes: [] },
        { opType: 'Add', domain: '', name: 'a', inputs: ['p', 'B'], outputs: ['s'], attributes: [] },
        { opType: 'Sigmoid', domain: '', name: 'l', inputs: ['s'], outputs: ['score'], attributes: [] },
      ],
      initializers: [
        { name: 'W', dims: [2, 1], type: 'float', values: Float32Array.from(weights) },
        { name: 'B', dims: [1], type: 'float', values: Float32Array.of(bias) },
      ],
      inputs: [{ name: 'X', type: 'float', dims: ['rows', 2], doc: '' }],
      outputs: [{ name: 'score', type: 'float', dims: ['rows', 1], doc: '' }],
    },
  });
}
