import fc from 'fast-check';
import { PredictionLogged as Generated } from './generated/steward/telemetry/v1/telemetry';
import { predictionCodec } from './prediction-codec';

const uint = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const words = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 40, maxLength: 400 }),
  fc.constant(''),
);
const column = fc.record({
  name: words,
  numbers: fc.array(fc.double(), { maxLength: 40 }),
  texts: fc.array(words, { maxLength: 5 }),
  missing: fc.array(uint, { maxLength: 40 }),
});
const message = fc.record({
  predictionId: words,
  firstRow: uint,
  rows: uint,
  project: words,
  model: words,
  modelVersion: uint,
  modelDigest: words,
  inputs: fc.array(column, { maxLength: 5 }),
  sensitive: fc.array(column, { maxLength: 3 }),
  subjects: fc.array(words, { maxLength: 4 }),
  scores: fc.array(fc.double(), { maxLength: 100 }),
  labels: fc.array(words, { maxLength: 4 }),
  timeMs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  caller: words,
  dataset: words,
  role: fc.option(words, { nil: undefined }),
  rollout: fc.option(words, { nil: undefined }),
  held: fc.option(fc.record({ rows: fc.array(uint, { maxLength: 40 }) }), { nil: undefined }),
  scoreDecimals: fc.option(fc.integer({ min: 0, max: 15 }), { nil: undefined }),
  outOfDomain: fc.option(
    fc.record({ rows: fc.array(uint, { maxLength: 40 }), columns: fc.array(words, { maxLength: 4 }) }),
    { nil: undefined },
  ),
});

describe("the predictions' own encoder", () => {
  it('property: writes the bytes of the generated code', () => {
    fc.assert(
      fc.property(message, (value) => {
        const expected = Buffer.from(Generated.encode(value).finish());
        expect(Buffer.from(predictionCodec.encode(value).finish()).equals(expected)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('knows every field of the message', () => {
    const full = fc.sample(message, 1)[0]!;
    const optional = {
      role: 'x',
      rollout: 'x',
      held: { rows: [] },
      scoreDecimals: 2,
      outOfDomain: { rows: [], columns: [] },
    };
    const known = Object.keys({ ...full, ...optional }).sort();
    expect(Object.keys(Generated.fromPartial(optional)).sort()).toEqual(known);
  });

  it('grows for messages larger than its first buffer, and keeps results apart', () => {
    const large = Generated.fromPartial({ scores: Array.from({ length: 50_000 }, (_, i) => i) });
    const small = Generated.fromPartial({ predictionId: 'a' });
    const [first, second] = [predictionCodec.encode(large).finish(), predictionCodec.encode(small).finish()];
    expect(Buffer.from(first).equals(Buffer.from(Generated.encode(large).finish()))).toBe(true);
    expect(Buffer.from(second).equals(Buffer.from(Generated.encode(small).finish()))).toBe(true);
  });
});
