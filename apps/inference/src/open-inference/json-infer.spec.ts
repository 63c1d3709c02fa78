import { descriptor } from '../infer/descriptor.factory';
import { answerOf, InferBody, parseBody, tensorsOfBody } from './json-infer';
import { rawNumbers } from '../infer/tensor';

const body = (inputs: object[], rest: object = {}) => InferBody.parse({ inputs, ...rest });

describe('REST requests', () => {
  it('takes flat and nested data', () => {
    const flat = tensorsOfBody(
      body([{ name: 'x', datatype: 'FP64', shape: [2, 1], data: [1, 2] }]),
      new Uint8Array(),
      10,
    );
    const nested = tensorsOfBody(
      body([{ name: 'x', datatype: 'FP64', shape: [2, 1], data: [[1], [2]] }]),
      new Uint8Array(),
      10,
    );
    expect(nested).toEqual(flat);
  });

  it('takes binary tensors after the JSON', () => {
    const json = JSON.stringify({
      inputs: [{ name: 'x', datatype: 'FP64', shape: [2], parameters: { binary_data_size: 16 } }],
    });
    const bytes = Buffer.concat([Buffer.from(json), rawNumbers(Float64Array.from([1, 2]))]);
    const parsed = parseBody(bytes, String(json.length));
    const [tensor] = tensorsOfBody(InferBody.parse(parsed.json), parsed.binary, 10);
    expect(Array.from(tensor!.numbers!)).toEqual([1, 2]);
  });

  it('refuses bytes that no input names, and sizes that the body does not hold', () => {
    const one = body([{ name: 'x', datatype: 'FP64', shape: [1], parameters: { binary_data_size: 8 } }]);
    expect(() => tensorsOfBody(one, new Uint8Array(16), 10)).toThrow('16 binary bytes; its inputs name 8');
    expect(() => tensorsOfBody(one, new Uint8Array(4), 10)).toThrow(
      'binary_data_size that the body does not hold',
    );
  });

  it('refuses what is not JSON and what nests too deep, before it is parsed', () => {
    expect(() => parseBody(Buffer.from('{'), undefined)).toThrow('not JSON');
    expect(() => parseBody(Buffer.from('['.repeat(10_000_000)), undefined)).toThrow(
      'nested more than 16 deep',
    );
    expect(() => parseBody(Buffer.from('{}'), '3')).toThrow('does not fit');
  });
});

describe('REST answers', () => {
  const result = {
    served: {
      project: 'p',
      descriptor: descriptor(),
      engine: {
        kind: 'scorer' as const,
        score: () => new Float64Array(),
        close: () => Promise.resolve(),
      },
    },
    predictionId: 'id',
    rows: 1,
    probabilities: Float64Array.from([0.75, 0.25]),
    labels: ['no'],
    scored: { from: 0, to: 0 },
    held: [],
    log: { mode: 'required' as const, result: 'logged' as const },
    guarded: null,
  };
  const inputs = [{ name: 'x', datatype: 'FP64', shape: [1], data: [1] }];

  const answered = (...asked: Parameters<typeof answerOf>): unknown => JSON.parse(answerOf(...asked).text);

  it('answers all outputs, or the requested ones in their order', () => {
    expect(answered('p.m', body(inputs, { id: 'mine' }), result)).toEqual({
      model_name: 'p.m',
      model_version: '1',
      id: 'mine',
      parameters: { prediction_id: 'id', prediction_log: 'required' },
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [1], data: ['no'] },
        { name: 'probability', datatype: 'FP64', shape: [1, 2], data: [0.75, 0.25] },
      ],
    });
    expect(answered('p.m', body(inputs, { outputs: [{ name: 'probability' }] }), result)).toMatchObject({
      outputs: [{ name: 'probability' }],
    });
  });

  it('answers in binary where it was asked to', () => {
    const binaryBody = body(inputs, {
      outputs: [{ name: 'probability', parameters: { binary_data: true } }],
    });
    const { binary } = answerOf('p.m', binaryBody, result);
    expect(answered('p.m', binaryBody, result)).toMatchObject({
      outputs: [{ parameters: { binary_data_size: 16 } }],
    });
    expect(binary).toEqual([result.probabilities]);
  });

  it('writes JSON whatever the names, labels and ids hold', () => {
    const odd = '"\\\u2028\n\ud800é';
    const wellFormed = JSON.parse(JSON.stringify(odd)) as string;
    expect(
      answered(odd, body(inputs, { id: odd }), { ...result, labels: [odd], predictionId: odd }),
    ).toMatchObject({
      model_name: wellFormed,
      id: wellFormed,
      parameters: { prediction_id: wellFormed },
      outputs: [{ data: [wellFormed] }, {}],
    });
    const unknown = Float64Array.from([Number.NaN, 0.25]);
    expect(answered('p.m', body(inputs), { ...result, probabilities: unknown })).toMatchObject({
      outputs: [{}, { data: [null, 0.25] }],
    });
  });
});
