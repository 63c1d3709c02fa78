import * as fc from 'fast-check';

import { lastDouble, nextDown, nextFloatDown, nextUp, widenedThreshold } from './neighbours';

describe('neighbours', () => {
  it('finds the next doubles', () => {
    expect(nextUp(1)).toBe(1 + 2 ** -52);
    expect(nextDown(1)).toBe(1 - 2 ** -53);
    expect(nextUp(0)).toBe(5e-324);
    expect(nextDown(0)).toBe(-5e-324);
    expect(nextUp(-5e-324)).toBe(-0);
    expect(nextUp(Number.MAX_VALUE)).toBe(Infinity);
    expect(nextUp(Infinity)).toBe(Infinity);
    expect(nextUp(-Infinity)).toBe(-Number.MAX_VALUE);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(nextUp(x)).toBeGreaterThan(x);
        expect(nextDown(nextUp(x)) === x).toBe(true);
      }),
    );
  });

  it('widens a float32 threshold so that doubles are compared as their float32 would be', () => {
    const special = fc.constantFrom(
      0,
      -0,
      Infinity,
      -Infinity,
      3.4028234663852886e38,
      -3.4028234663852886e38,
      1e-45,
    );
    fc.assert(
      fc.property(fc.oneof(fc.float({ noNaN: true }), special), (value) => {
        const threshold = Math.fround(value);
        const widened = widenedThreshold(threshold);
        expect(Math.fround(widened)).toBeLessThanOrEqual(threshold);
        if (widened !== Infinity) expect(Math.fround(nextUp(widened))).toBeGreaterThan(threshold);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the float32 below', () => {
    expect(nextFloatDown(1)).toBe(1 - 2 ** -24);
    expect(nextFloatDown(0)).toBe(-(2 ** -149));
    expect(Math.fround(nextFloatDown(-1))).toBe(-1 - 2 ** -23);
  });

  it('finds the last double that a falling test holds for', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (limit) => {
        expect(lastDouble((x) => x <= limit) === limit).toBe(true);
      }),
    );
    expect(lastDouble(() => true)).toBe(Infinity);
    expect(lastDouble(() => false)).toBe(-Infinity);
    expect(lastDouble((x) => x < 0)).toBe(-5e-324);
  });
});
