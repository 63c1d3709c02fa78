import fc from 'fast-check';
import { parseJson } from './request-json';

const parse = (text: string): unknown => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("takes Python's tokens for numbers that JSON does not know, and not within texts", () => {
    expect(parse('{"NaN": [NaN, -Infinity, Infinity, "NaN \\"Infinity\\""]}')).toEqual({
      NaN: [null, -Infinity, Infinity, 'NaN "Infinity"'],
    });
    expect(() => parse('[NaN')).toThrow('not JSON');
    expect(() => parse('nan')).toThrow('not JSON');
  });

  it('bounds depth and containers before it parses', () => {
    expect(() => parse('['.repeat(10_000_000))).toThrow('nested more than 16 deep');
    expect(() => parse(`[${'[],'.repeat(600_000)}[]]`)).toThrow('more than 500000 arrays');
    expect(parse(`["${'['.repeat(100)}\\"["]`)).toHaveLength(1);
  });
});
