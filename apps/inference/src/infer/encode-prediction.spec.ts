import { PredictionLogged as Generated } from '@steward/contracts/generated/steward/telemetry/v1/telemetry';
import fc from 'fast-check';
import type { InputColumn } from '../engines/engine';
import { descriptor } from './descriptor.factory';
import { encodePrediction } from './encode-prediction';
import { predictionEvents, type Prediction } from './prediction-events';
import { PlainRows } from './read-plain-columns';

const words = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constant(''));

const numbersOf = (rows: number): fc.Arbitrary<InputColumn> =>
  fc
    .array(fc.double(), { minLength: rows, maxLength: rows })
    .map((values) => ({ kind: 'numbers', values: Float64Array.from(values) }));
const textsOf = (rows: number): fc.Arbitrary<InputColumn> =>
  fc
    .array(fc.option(words), { minLength: rows, maxLength: rows })
    .map((values) => ({ kind: 'texts', values }));

/** Any request that can be logged: of columns, or of rows of numbers. */
const prediction: fc.Arbitrary<Prediction> = fc
  .record({
    rows: fc.integer({ min: 1, max: 5 }),
    names: fc.uniqueArray(fc.stringMatching(/^[a-zäöü ]{0,30}$/), { minLength: 1, maxLength: 6 }),
    plain: fc.boolean(),
    version: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    head: fc.record({
      id: fc.uuid(),
      project: words,
      caller: words,
      timeMs: fc.nat(Number.MAX_SAFE_INTEGER),
      role: fc.option(fc.constantFrom('champion' as const, 'canary' as const), { nil: undefined }),
      rollout: fc.option(words, { nil: undefined }),
    }),
    heldRows: fc.uniqueArray(fc.nat(4)),
    dataset: words,
  })
  .chain(({ rows, names, plain, version, head, heldRows, dataset }) => {
    const cells = rows * names.length;
    return fc
      .record({
        plainRows: fc.array(fc.double(), { minLength: cells, maxLength: cells }),
        columns: fc.tuple(...names.map((_, index) => (index % 2 ? textsOf(rows) : numbersOf(rows)))),
        sensitive: fc.oneof(fc.constant(null), textsOf(rows)),
        subjects: fc.oneof(fc.constant<string[]>([]), fc.array(words, { minLength: rows, maxLength: rows })),
        scores: fc.array(fc.double(), { minLength: rows, maxLength: rows }),
        labels: fc.array(words, { minLength: rows, maxLength: rows }),
      })
      .map(({ plainRows, columns, sensitive, subjects, scores, labels }): Prediction => ({
        ...head,
        descriptor: descriptor({
          version,
          dataset,
          inputs: names.map((name, index) => ({
            name,
            kind: plain || index % 2 === 0 ? 'numeric' : 'categorical',
          })),
        }),
        columns: plain
          ? new PlainRows(Float64Array.from(plainRows), rows, subjects)
          : {
              rows,
              inputs: columns,
              sensitive: sensitive ? [{ name: 'afam', column: sensitive }] : [],
              subjects,
            },
        scores: Float64Array.from(scores),
        labels,
        held: heldRows.filter((each) => each < rows).map((each) => ({ row: each })),
      }));
  });

/** Its events, kept: their memory is used again. */
function eventsOf(given: Prediction): Buffer[] {
  const events: Buffer[] = [];
  encodePrediction(given, (event) => events.push(Buffer.from(event)));
  return events;
}

describe('encodePrediction', () => {
  it('property: writes the bytes that the generated code makes of the messages', () => {
    fc.assert(
      fc.property(prediction, (given) => {
        const expected = predictionEvents(given).map((event) =>
          Buffer.from(Generated.encode(event).finish()),
        );
        expect(eventsOf(given)).toEqual(expected);
        // What is kept of a model does not change its next event.
        expect(eventsOf(given)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('writes rows as they came as it writes their columns', () => {
    const [rows, width] = [50, 3];
    const plain = Float64Array.from({ length: rows * width }, (_, at) => at / 3);
    const inputs = ['a', 'b', 'c'].map((name) => ({ name, kind: 'numeric' as const }));
    const columns = inputs.map((_, column): InputColumn => ({
      kind: 'numbers',
      values: Float64Array.from({ length: rows }, (_row, row) => plain[row * width + column]!),
    }));
    const given = (of: Prediction['columns']): Prediction => ({
      id: 'p',
      project: 'lending-1',
      caller: 'c',
      timeMs: 1,
      descriptor: descriptor({ inputs }),
      columns: of,
      scores: plain.subarray(0, rows),
      labels: Array.from({ length: rows }, () => 'yes'),
    });
    const read = { rows, inputs: columns, sensitive: [], subjects: [] };
    expect(eventsOf(given(new PlainRows(plain, rows)))).toEqual(eventsOf(given(read)));
  });

  const MANY = 20_000;
  const values = Float64Array.from({ length: MANY }, (_, row) => row);
  const inOneColumn: Prediction['columns'] = {
    rows: MANY,
    inputs: [{ kind: 'numbers', values }],
    sensitive: [],
    subjects: [],
  };
  it.each([
    ['of columns', inOneColumn],
    ['of rows', new PlainRows(values, MANY)],
  ])('splits a large request into the same events: %s', (_, columns) => {
    const given: Prediction = {
      id: 'p',
      project: 'lending-1',
      caller: 'c',
      timeMs: 1,
      descriptor: descriptor({ inputs: [{ name: 'a', kind: 'numeric' }] }),
      columns,
      scores: values,
      labels: Array.from(values, String),
    };
    const encoded = eventsOf(given);
    expect(encoded.length).toBeGreaterThan(1);
    expect(encoded).toEqual(
      predictionEvents(given).map((event) => Buffer.from(Generated.encode(event).finish())),
    );
  });
});
