import fc from 'fast-check';
import { descriptor } from './descriptor.factory';
import { readColumns } from './read-columns';
import { PlainRows, readPlain } from './read-plain-columns';
import type { Tensor } from './tensor';

const model = descriptor({
  inputs: ['a', 'b', 'c'].map((name) => ({ name, kind: 'numeric' })),
  sensitive: ['race'],
});
/** The same model, read by the general way: a boolean is not taken for granted. */
const general = descriptor({
  inputs: [...model.inputs.slice(0, 2), { name: 'c', kind: 'boolean' }],
  sensitive: ['race'],
});
const tensor = (name: string, shape: number[], values: number[]): Tensor => ({
  name,
  datatype: 'FP64',
  shape,
  numbers: Float64Array.from(values),
  texts: null,
});

describe('readPlain', () => {
  it('property: reads one tensor, and a tensor for each input, as the general way does', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 4 })
          .chain((rows) =>
            fc.array(fc.constantFrom(0, 1, Number.NaN), { minLength: rows * 3, maxLength: rows * 3 }),
          ),
        fc.boolean(),
        (values, isFlat) => {
          const rows = values.length / 3;
          const column = (index: number) => values.filter((_, at) => at % 3 === index);
          const shape = isFlat ? [rows] : [rows, 1];
          for (const tensors of [
            [tensor('all', [rows, 3], values)],
            model.inputs.map(({ name }, index) => tensor(name, shape, column(index))),
          ]) {
            const plain = readPlain(model, tensors)!;
            const { inputs, rows: many, sensitive, subjects } = readColumns(general, tensors, undefined);
            expect(plain.inputs).toEqual(inputs);
            expect([plain.rows, plain.sensitive, plain.subjects]).toEqual([many, sensitive, subjects]);
          }
        },
      ),
    );
  });

  it.each([
    ['another order', ['b', 'a', 'c'].map((name) => tensor(name, [1], [1]))],
    ['an input too few', ['a', 'b'].map((name) => tensor(name, [1], [1]))],
    ['no rows', [tensor('all', [0, 3], [])]],
    ['another width', [tensor('all', [1, 2], [1, 2])]],
    ['rows of unequal number', [tensor('a', [1], [1]), tensor('b', [2], [1, 2]), tensor('c', [1], [1])]],
    ['a sensitive name', [tensor('race', [1, 3], [1, 2, 3])]],
  ])('leaves %s to the general way', (_, tensors) => {
    expect(readPlain(model, tensors)).toBeNull();
  });

  it('keeps the subject of the only row', () => {
    const subject = `sub_${'0'.repeat(32)}`;
    const columns = readColumns(model, [tensor('all', [1, 3], [1, 2, 3])], subject);
    expect(columns).toBeInstanceOf(PlainRows);
    expect(columns.subjects).toEqual([subject]);
    expect(() => readColumns(model, [tensor('all', [1, 3], [1, 2, 3])], 'Ann')).toThrow('pseudonym');
  });
});
