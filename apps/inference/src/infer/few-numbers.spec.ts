import fc from 'fast-check';
import { fewNumbers } from './few-numbers';

describe('rows of few numbers', () => {
  it('property: each has its length, and none has memory of another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 60 }), (lengths) => {
        const rows = lengths.map((length, index) => fewNumbers(length).fill(index));
        expect(rows.map((row) => [row.length, row.every((value) => value === rows.indexOf(row))])).toEqual(
          lengths.map((length) => [length, true]),
        );
      }),
    );
  });

  it('keep a small piece of memory at most', () => {
    for (let i = 0; i < 100; i++) expect(fewNumbers(20).buffer.byteLength).toBeLessThanOrEqual(8_192);
  });
});
