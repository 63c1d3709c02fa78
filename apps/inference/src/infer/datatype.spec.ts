import fc from 'fast-check';
import { bfloat, FLOATS, half, holds } from './datatype';

describe('FLOATS', () => {
  it('keeps every number that the format holds', () => {
    const changed = Array.from({ length: 65_536 }, (_, bits) => bits).filter(
      (bits) =>
        !Object.is(FLOATS.FP16!(half(bits)), half(bits)) ||
        !Object.is(FLOATS.BF16!(bfloat(bits)), bfloat(bits)),
    );
    expect(changed).toEqual([]);
  });

  it('rounds to the nearest, and from the middle to the even one', () => {
    const grids = { FP16: half, BF16: bfloat };
    for (const [datatype, decode] of Object.entries(grids)) {
      const round = FLOATS[datatype as keyof typeof grids]!;
      fc.assert(
        fc.property(fc.integer({ min: 0, max: datatype === 'FP16' ? 0x7bfe : 0x7f7e }), (bits) => {
          const [low, high] = [decode(bits), decode(bits + 1)];
          const middle = (low + high) / 2;
          expect(round(middle)).toBe(bits % 2 === 0 ? low : high);
          expect(round((low + middle) / 2)).toBe(low);
          expect(round((high + middle) / 2)).toBe(high);
          expect(round(-high)).toBe(-high);
        }),
      );
    }
    expect([FLOATS.FP16!(65_520), FLOATS.FP16!(65_519), FLOATS.BF16!(3.5e38)]).toEqual([
      Infinity,
      65_504,
      Infinity,
    ]);
  });
});

describe('holds', () => {
  it.each([
    ['UINT8', 255, 256],
    ['INT8', -128, -129],
    ['INT32', 2 ** 31 - 1, 2 ** 31],
    ['UINT32', 0, -1],
    ['INT64', 2 ** 53, 2 ** 64],
    ['BOOL', 1, 2],
    ['UINT16', 1, 1.5],
  ] as const)('%s takes %p and not %p', (datatype, inside, outside) => {
    expect(holds(datatype, inside)).toBe(true);
    expect(holds(datatype, outside)).toBe(false);
  });
});
