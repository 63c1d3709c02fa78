import { descriptor } from '../infer/descriptor.factory';
import { parseJson } from '../infer/request-json';
import { PredictBody, tensorsOfPredict } from './predict-json';

const LIMIT = 1_000;
const tensors = (text: string, of = descriptor()) =>
  tensorsOfPredict(PredictBody.parse(parseJson(Buffer.from(text))), of, LIMIT).map(
    ({ name, shape, datatype, numbers, texts }) => ({
      name,
      shape,
      datatype,
      values: numbers ? [...numbers] : texts,
    }),
  );

describe("TensorFlow Serving's published examples (tensorflow/serving, g3doc/api_rest.md)", () => {
  const ROWS = `{
    "instances": [
      { "tag": "foo", "signal": [1, 2, 3, 4, 5], "sensor": [[1, 2], [3, 4]] },
      { "tag": "bar", "signal": [3, 4, 1, 2, 5], "sensor": [[4, 5], [6, 8]] }
    ]
  }`;
  const COLUMNS = `{
    "inputs": {
      "tag": ["foo", "bar"],
      "signal": [[1, 2, 3, 4, 5], [3, 4, 1, 2, 5]],
      "sensor": [[[1, 2], [3, 4]], [[4, 5], [6, 8]]]
    }
  }`;

  it('say the same in rows and in columns', () => {
    expect(tensors(ROWS)).toEqual(tensors(COLUMNS));
    expect(tensors(ROWS)).toEqual([
      { name: 'tag', shape: [2], datatype: 'BYTES', values: ['foo', 'bar'] },
      { name: 'signal', shape: [2, 5], datatype: 'FP64', values: [1, 2, 3, 4, 5, 3, 4, 1, 2, 5] },
      { name: 'sensor', shape: [2, 2, 2], datatype: 'FP64', values: [1, 2, 3, 4, 4, 5, 6, 8] },
    ]);
  });

  it('of one input without a name, and of numbers that JSON does not know', () => {
    expect(tensors('{"instances": [1.0, 2.0, 5.0]}')).toMatchObject([{ shape: [3], values: [1, 2, 5] }]);
    expect(tensors('{"instances": [[[1, 2]], [[3, 4]]]}')).toMatchObject([{ shape: [2, 1, 2] }]);
    expect(tensors('{"inputs": [1.0, -3.14, NaN, Infinity]}')).toMatchObject([
      { values: [1, -3.14, NaN, Infinity] },
    ]);
  });

  it('of binary values', () => {
    expect(tensors('{"instances": [{"b64": "aW1hZ2UgYnl0ZXM="}, {"b64": "eA=="}]}')).toMatchObject([
      { datatype: 'BYTES', values: ['image bytes', 'x'] },
    ]);
  });
});

describe('predict requests', () => {
  it('take a column as the model does', () => {
    expect(tensors('{"inputs": {"pirat": [1, null], "single": ["", "x"]}}')).toMatchObject([
      { datatype: 'FP64', values: [1, NaN] },
      { datatype: 'BYTES', values: ['', 'x'] },
    ]);
  });

  it.each([
    ['both formats', '{"inputs": [1], "instances": [1]}', /either "instances"/],
    ['neither', '{}', /either "instances"/],
    ['instances that differ', '{"instances": [{"a": 1}, {"b": 1}]}', /Instance 1/],
    ['an instance that is none', '{"instances": [{"a": 1}, 7]}', /Instance 1/],
    ['ragged lists', '{"inputs": {"a": [[1, 2], [3]]}}', /one length/],
    ['lists of different depth', '{"inputs": {"a": [[1], 2]}}', /equally deep/],
    ['a value that is no list', '{"inputs": {"a": 1}}', /list of rows/],
    ['a number for a text', '{"inputs": {"single": [1]}}', /must be a text/],
    ['an object for a number', '{"inputs": {"pirat": [{}]}}', /must be a number/],
  ])('refuse %s', (_, text, message) => {
    expect(() => tensors(text)).toThrow(message);
  });
});
