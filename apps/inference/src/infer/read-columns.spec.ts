import { newPseudonym } from '@steward/kernel';
import { descriptor } from './descriptor.factory';
import { readColumns } from './read-columns';
import type { Tensor } from './tensor';

const numbers = (name: string, values: number[]): Tensor => ({
  name,
  datatype: 'FP64',
  shape: [values.length, 1],
  numbers: Float64Array.from(values),
  texts: null,
});
const texts = (name: string, values: string[]): Tensor => ({
  name,
  datatype: 'BYTES',
  shape: [values.length],
  numbers: null,
  texts: values,
});

describe('readColumns', () => {
  const tensors = [texts('single', ['yes', '']), numbers('pirat', [0.3, NaN]), texts('afam', ['no', 'yes'])];

  it('puts inputs in the order of the model and keeps sensitive columns away from them', () => {
    const columns = readColumns(descriptor(), tensors, undefined);
    expect(columns.inputs).toEqual([
      { kind: 'numbers', values: Float64Array.from([0.3, NaN]) },
      { kind: 'texts', values: ['yes', null] },
    ]);
    expect(columns.sensitive).toEqual([{ name: 'afam', column: { kind: 'texts', values: ['no', 'yes'] } }]);
    expect(columns.subjects).toEqual([]);
  });

  it('takes all columns of a model of numbers as one tensor [rows, columns], of any name', () => {
    const model = descriptor({
      inputs: [
        { name: 'a', kind: 'numeric' },
        { name: 'b', kind: 'boolean' },
      ],
    });
    const one = (name: string, shape: number[], values: number[]): Tensor => ({
      ...numbers(name, values),
      shape,
    });
    const columns = readColumns(
      model,
      [texts('afam', ['x', 'y']), one('input-0', [2, 2], [3, 0, 4, 1])],
      undefined,
    );
    expect(columns.inputs).toEqual([
      { kind: 'numbers', values: Float64Array.from([3, 4]) },
      { kind: 'numbers', values: Float64Array.from([0, 1]) },
    ]);
    expect(columns.sensitive).toHaveLength(1);
    expect(() => readColumns(model, [one('x', [4], [3, 0, 4, 1])], undefined)).toThrow(
      '[rows, 2], in the order a, b',
    );
    expect(() => readColumns(model, [one('x', [2, 2], [3, 2, 4, 1])], undefined)).toThrow('0 or 1');
    expect(() => readColumns(descriptor(), [one('x', [2, 2], [3, 2, 4, 1])], undefined)).toThrow(
      'did not come',
    );
  });

  it('takes one subject for all rows, or one a row', () => {
    const [one, two] = [newPseudonym(), newPseudonym()];
    expect(readColumns(descriptor(), tensors, one).subjects).toEqual([one, one]);
    expect(readColumns(descriptor(), [...tensors, texts('subject', [one, two])], undefined).subjects).toEqual(
      [one, two],
    );
    expect(() => readColumns(descriptor(), [...tensors, texts('subject', [one, two])], one)).toThrow(
      'both as a parameter and as an input',
    );
  });

  it('refuses what does not look like a pseudonym, without echoing it', () => {
    const call = () => readColumns(descriptor(), tensors, 'jane@example.org');
    expect(call).toThrow('pseudonym');
    expect(call).not.toThrow(/jane/);
  });

  it.each([
    ['a missing input', [numbers('pirat', [1])], /takes the inputs single/],
    ['an unknown input', [...tensors, numbers('age', [1, 2])], /no input age/],
    ['rows of unequal number', [texts('single', ['yes']), numbers('pirat', [1, 2])], /"single" has 1 rows/],
    [
      'a text where a number belongs',
      [texts('single', ['yes']), texts('pirat', ['1'])],
      /"pirat" takes numbers/,
    ],
    [
      'a number where a text belongs',
      [numbers('single', [1]), numbers('pirat', [1])],
      /"single" takes texts/,
    ],
    ['a tensor that came twice', [...tensors, numbers('pirat', [1, 2])], /same name/],
    ['no rows', [texts('single', []), numbers('pirat', [])], /no rows/],
  ])('refuses %s', (_, request, message) => {
    expect(() => readColumns(descriptor(), request, undefined)).toThrow(message);
  });
});
