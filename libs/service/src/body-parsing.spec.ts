import fc from 'fast-check';
import { requireShallow } from './body-parsing';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('requireShallow', () => {
  it('accepts any JSON of at most the depth, and refuses any that is deeper', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 1, max: 6 }), (value, depth) => {
        const check = (): void => requireShallow(Buffer.from(JSON.stringify(value)), depth);
        if (depthOf(value) <= depth) check();
        else expect(check).toThrow('nests deeper');
      }),
    );
  });

  it('does not count brackets in strings, escaped quotes included', () => {
    const text = JSON.stringify(['[[[[', '\\"[[[', '{"{{{']);
    expect(() => requireShallow(Buffer.from(text), 1)).not.toThrow();
  });
});
