import {
  ModelInferRequest,
  ModelInferResponse,
  type InferParameter,
} from '@steward/contracts/generated/open_inference/open_inference';
import fc from 'fast-check';
import type { Engine } from '../engines/engine';
import { descriptor } from '../infer/descriptor.factory';
import type { InferResult } from '../infer/infer';
import { responseOf, tensorsOf } from '../open-inference/grpc-tensors';
import { decodeModelInfer } from './decode-model-infer';
import { encodeAnswer } from './encode-answer';

const LIMIT = 10_000;
const words = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constant(''),
);
const name = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z]{1,8}$/) },
  { weight: 1, arbitrary: words },
);
const parameter: fc.Arbitrary<InferParameter> = words.map((stringParam) => ({
  parameterChoice: { $case: 'stringParam', stringParam },
}));

/** An input with raw contents of the length that its shape says, or (seldom) another. */
const input = fc
  .record({
    name,
    datatype: fc.constantFrom('FP64', 'FP64', 'FP64', 'FP32', 'FP32', 'INT64', 'BYTES'),
    shape: fc.oneof(
      { weight: 8, arbitrary: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.constant<number[]>([2 ** 40]) },
    ),
    odd: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }) },
    ),
    parameters: fc.oneof(
      { weight: 8, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(words, parameter, { maxKeys: 2 }) },
    ),
  })
  .chain(({ odd, ...rest }) => {
    const size =
      rest.shape.reduce((product, each) => product * Math.abs(each), 1) * (rest.datatype === 'FP32' ? 4 : 8);
    return fc
      .uint8Array({ minLength: Math.min(size, 400) + odd, maxLength: Math.min(size, 400) + odd })
      .map((raw) => ({ input: { ...rest, contents: undefined }, raw: Buffer.from(raw) }));
  });

const request = fc
  .record({
    modelName: name,
    modelVersion: fc.oneof(fc.constant(''), fc.constant('3'), name),
    id: fc.oneof(fc.constant(''), name),
    parameters: fc.oneof(
      { weight: 8, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(words, parameter, { maxKeys: 2 }) },
    ),
    inputs: fc.array(input, { maxLength: 5 }),
    outputs: fc.oneof(
      fc.constant<{ name: string; parameters: Record<string, InferParameter> }[]>([]),
      fc.array(
        name.map((of) => ({ name: of, parameters: {} })),
        { maxLength: 2 },
      ),
    ),
  })
  .map(({ inputs, ...rest }): ModelInferRequest => ({
    ...rest,
    inputs: inputs.map((each) => each.input),
    rawInputContents: inputs.map((each) => each.raw),
  }));

/** What is read by hand equals what the generated code reads, or is left to it. */
function expectSame(bytes: Buffer): boolean {
  const hot = decodeModelInfer(bytes, LIMIT);
  if (hot === null) return false;
  const generated = ModelInferRequest.decode(bytes);
  expect(generated.parameters).toEqual({});
  expect(generated.outputs).toEqual([]);
  expect([hot.modelName, hot.modelVersion, hot.id]).toEqual([
    generated.modelName,
    generated.modelVersion,
    generated.id,
  ]);
  expect(hot.tensors).toEqual(tensorsOf(generated, LIMIT));
  return true;
}

describe('the hot path', () => {
  it('property: reads a request as the generated code does, or leaves it to that', () => {
    let taken = 0;
    fc.assert(
      fc.property(request, (message) => {
        if (expectSame(Buffer.from(ModelInferRequest.encode(message).finish()))) taken++;
      }),
      { numRuns: 2_000 },
    );
    // It is of no use if it leaves everything.
    expect(taken).toBeGreaterThan(100);
  });

  it('takes many rows, in place where they are aligned, and leaves more than may come to the general way', () => {
    const bytesOf = (rows: number, columns: number, datatype: 'FP64' | 'FP32'): Buffer => {
      const of = Array.from({ length: rows * columns }, (_, index) => index / 7);
      const numbers = datatype === 'FP64' ? Float64Array.from(of) : Float32Array.from(of);
      const raw = Buffer.from(numbers.buffer);
      const shaped = { name: 'x', datatype, shape: [rows, columns], parameters: {}, contents: undefined };
      const message = { modelName: 'm', modelVersion: '', id: '', parameters: {}, outputs: [] };
      return Buffer.from(
        ModelInferRequest.encode({ ...message, inputs: [shaped], rawInputContents: [raw] }).finish(),
      );
    };
    for (const datatype of ['FP64', 'FP32'] as const) {
      const encoded = bytesOf(1_024, 20, datatype);
      for (let shift = 0; shift < 8; shift++) {
        const moved = Buffer.alloc(encoded.length + 8).subarray(shift, shift + encoded.length);
        moved.set(encoded);
        expect(expectSame(moved)).toBe(true);
      }
    }
    expect(decodeModelInfer(bytesOf(LIMIT + 1, 1, 'FP64'), LIMIT)).toBeNull();
    expect(decodeModelInfer(bytesOf(1_001, 1_000, 'FP32'), LIMIT)).toBeNull();
    expect(decodeModelInfer(bytesOf(1_000, 1_000, 'FP32'), LIMIT)?.tensors[0]?.numbers).toHaveLength(
      1_000_000,
    );
  });

  it('property: the same for bytes that were changed, cut or joined', () => {
    fc.assert(
      fc.property(
        request,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
        fc.nat(),
        fc.boolean(),
        (message, changes, cut, twice) => {
          const whole = Buffer.from(ModelInferRequest.encode(message).finish());
          const bytes = twice ? Buffer.concat([whole, whole]) : Buffer.from(whole);
          for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
          expectSame(cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('property: encodes an answer into the bytes of the generated code, behind room for the frame', () => {
    const result = fc
      .record({
        rows: fc.integer({ min: 1, max: 40 }),
        version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        predictionId: fc.uuid(),
        mode: fc.constantFrom('required' as const, 'buffered' as const, 'sampled' as const),
        result: fc.constantFrom('logged' as const, 'sampled_out' as const, 'lost' as const),
        isHeld: fc.boolean(),
        words: fc.array(words, { minLength: 1, maxLength: 3 }),
      })
      .map(({ rows, version, predictionId, mode, result: logged, isHeld, words: of }): InferResult => ({
        served: { project: 'lending', descriptor: descriptor({ version }), engine: {} as Engine },
        predictionId,
        rows,
        probabilities: Float64Array.from({ length: rows * 2 }, (_, index) => index / 7),
        labels: Array.from({ length: rows }, (_, row) => of[row % of.length]!),
        held: isHeld ? [{ row: rows - 1, because: 'label' }] : [],
        scored: { from: 0, to: 1 },
        log: { mode, result: logged },
        guarded: null,
      }));
    fc.assert(
      fc.property(result, name, fc.oneof(fc.constant(''), words), (answer, modelName, id) => {
        const request = { modelName, modelVersion: '', id, parameters: {}, inputs: [], outputs: [] };
        const message = responseOf({ ...request, rawInputContents: [Buffer.alloc(0)] }, answer);
        const expected = Buffer.from(ModelInferResponse.encode(message).finish());
        expect(encodeAnswer(modelName, id, answer, 5).subarray(5)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
