import fc from 'fast-check';
import { fromRaw, fromValues, rawBytes, rawNumbers } from './tensor';

const LIMIT = 1000;
const head = (datatype: string, shape: number[]) => ({ name: 'x', datatype, shape });

describe('fromRaw', () => {
  it('gives back the doubles that were encoded, NaN and infinities included', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 50 }), (values) => {
        const tensor = fromRaw(head('FP64', [values.length]), rawNumbers(Float64Array.from(values)), LIMIT);
        expect(Array.from(tensor.numbers!)).toEqual(values);
      }),
    );
  });

  it('gives back the texts that were encoded', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }), (texts) => {
        expect(fromRaw(head('BYTES', [texts.length, 1]), rawBytes(texts), LIMIT).texts).toEqual(texts);
      }),
    );
  });

  it.each([
    ['BOOL', [0, 2], [0, 1]],
    ['INT8', [0xff, 0x7f], [-1, 127]],
    ['UINT16', [0x01, 0x02, 0xff, 0xff], [0x0201, 65535]],
    ['BF16', [0x80, 0x3f, 0x00, 0xc0, 0x80, 0x7f], [1, -2, Infinity]],
    ['INT64', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-1]],
    ['FP16', [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c], [1, -2, 2 ** -24, Infinity]],
  ])('reads %s', (datatype, bytes, expected) => {
    const tensor = fromRaw(head(datatype, [expected.length]), Uint8Array.from(bytes), LIMIT);
    expect(Array.from(tensor.numbers!)).toEqual(expected);
  });

  it('never does anything but answer or refuse, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.constantFrom('BYTES', 'FP64', 'INT64', 'FP16', 'BF16', 'FP8'),
        fc.array(fc.integer({ min: -1, max: 20 }), { maxLength: 3 }),
        (bytes, datatype, shape) => {
          try {
            const tensor = fromRaw(head(datatype, shape), bytes, LIMIT);
            expect((tensor.numbers ?? tensor.texts)!.length).toBe(shape.reduce((a, b) => a * b, 1));
          } catch (error) {
            expect(error).toMatchObject({ kind: expect.stringMatching(/^(invalid|limit)$/) });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('names a tensor whose bytes do not match its shape', () => {
    expect(() => fromRaw(head('FP64', [2]), new Uint8Array(15), LIMIT)).toThrow('takes 16 bytes; 15 came');
    expect(() => fromRaw(head('BYTES', [1]), Uint8Array.from([9, 0, 0, 0, 65]), LIMIT)).toThrow(
      'a length that its bytes do not hold',
    );
    expect(() => fromRaw(head('BYTES', [1]), Uint8Array.from([1, 0, 0, 0, 0xff]), LIMIT)).toThrow(
      'not UTF-8',
    );
    expect(() => fromRaw(head('FP32', [1001, 100]), new Uint8Array(4), LIMIT)).toThrow('more than 1000 rows');
  });
});

describe('fromValues', () => {
  it('takes null as a missing number, and whole numbers where the datatype wants them', () => {
    expect(fromValues(head('FP32', [2]), [null, 1.5], LIMIT).numbers).toEqual(Float64Array.from([NaN, 1.5]));
    expect(() => fromValues(head('INT32', [1]), [1.5], LIMIT)).toThrow('a whole number that INT32 holds');
    expect(() => fromValues(head('UINT8', [1]), [256], LIMIT)).toThrow('a whole number that UINT8 holds');
    expect(fromValues(head('FP32', [1]), [0.1], LIMIT).numbers![0]).toBe(Math.fround(0.1));
    expect(() => fromValues(head('BYTES', [1]), [7], LIMIT)).toThrow('must be a text');
    expect(() => fromValues(head('FP64', [2]), [1], LIMIT)).toThrow('takes 2 elements; 1 came');
  });
});
