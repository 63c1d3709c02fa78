import { ModelInferRequest } from '@steward/contracts/generated/open_inference/open_inference';
import { tensorsOf } from './grpc-tensors';
import { InferBody, parseBody, tensorsOfBody } from './json-infer';

const LIMIT = 100;

/** The request of the Open Inference Protocol's REST document (kserve/open-inference-protocol, inference_rest.md). */
const PUBLISHED = `{
  "id" : "42",
  "inputs" : [
    { "name" : "input0", "shape" : [ 2, 2 ], "datatype" : "UINT32", "data" : [ 1, 2, 3, 4 ] },
    { "name" : "input1", "shape" : [ 3 ], "datatype" : "BOOL", "data" : [ true, false, true ] }
  ],
  "outputs" : [ { "name" : "output0" } ]
}`;

/** The head of the request of Triton's document of binary tensors (docs/protocol/extension_binary_data.md). */
const BINARY_HEAD = `{
  "model_name" : "mymodel",
  "inputs" : [
    { "name" : "input0", "shape" : [ 2, 2 ], "datatype" : "UINT32", "parameters" : { "binary_data_size" : 16 } },
    { "name" : "input1", "shape" : [ 3 ], "datatype" : "BOOL", "parameters" : { "binary_data_size" : 3 } }
  ],
  "outputs" : [ { "name" : "output0", "parameters" : { "binary_data" : true } } ]
}`;

const bodyOf = (bytes: Buffer, header?: string) => {
  const { json, binary } = parseBody(bytes, header);
  const body = InferBody.parse(json);
  return { body, tensors: tensorsOfBody(body, binary, LIMIT) };
};
const valuesOf = (tensors: readonly { name: string; numbers: Float64Array | null }[]) =>
  tensors.map(({ name, numbers }) => [name, [...numbers!]]);
const EXPECTED = [
  ['input0', [1, 2, 3, 4]],
  ['input1', [1, 0, 1]],
];

describe('the published examples', () => {
  it('of the Open Inference Protocol over REST', () => {
    const { body, tensors } = bodyOf(Buffer.from(PUBLISHED));
    expect(body).toMatchObject({ id: '42', outputs: [{ name: 'output0' }] });
    expect(valuesOf(tensors)).toEqual(EXPECTED);
  });

  it('of nested data, which the same document allows', () => {
    const nested = PUBLISHED.replace('[ 1, 2, 3, 4 ]', '[ [ 1, 2 ], [ 3, 4 ] ]');
    expect(valuesOf(bodyOf(Buffer.from(nested)).tensors)).toEqual(EXPECTED);
  });

  it('of Triton, with binary tensors', () => {
    const bytes = Buffer.concat([
      Buffer.from(BINARY_HEAD),
      Buffer.from(Uint32Array.of(1, 2, 3, 4).buffer),
      Buffer.from([1, 0, 1]),
    ]);
    expect(valuesOf(bodyOf(bytes, String(BINARY_HEAD.length)).tensors)).toEqual(EXPECTED);
  });

  it('of Triton, a text tensor in bytes: a four-byte length before each element', () => {
    const head = { name: 'x', datatype: 'BYTES', shape: [2] };
    const request = ModelInferRequest.fromPartial({
      inputs: [head],
      rawInputContents: [Buffer.from('\x02\0\0\0ab\x03\0\0\0cde', 'latin1')],
    });
    expect(tensorsOf(request, LIMIT)[0]!.texts).toEqual(['ab', 'cde']);
  });
});
