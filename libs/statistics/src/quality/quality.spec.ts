import { DatasetProfile } from '../profiles/dataset-profile';
import { countAgainst } from '../reference/bin-counts';
import { buildReference } from '../reference/build-reference';
import type { DataSchema } from './data-schema';
import { DuplicateRows } from './duplicate-rows';
import { findAnomalies } from './find-anomalies';
import { findSkew } from './find-skew';
import { inferSchema } from './infer-schema';

type Kind = 'numeric' | 'categorical';

function profile(columns: Record<string, [Kind, readonly unknown[]]>): DatasetProfile {
  const made = DatasetProfile.of(Object.entries(columns).map(([name, [kind]]) => ({ name, kind })));
  for (const [name, [, values]] of Object.entries(columns)) made.addAll(name, values);
  return made;
}

const good = profile({ age: ['numeric', [20, 30, 40, 50]], sex: ['categorical', ['f', 'm', 'f', 'm']] });
const schema = inferSchema(good.summaries());
const codes = (data: DatasetProfile, rules: DataSchema = schema) =>
  findAnomalies(data.summaries(), rules).map(({ code, column }) => [code, column]);

describe('findAnomalies', () => {
  it('has nothing to say about the data that the schema was inferred from', () => {
    expect(codes(good)).toEqual([]);
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('names what is wrong with a column', () => {
    const bad = profile({
      age: ['numeric', [10, 90, Infinity, null, 'old']],
      sex: ['categorical', ['f', 'x', 'y', 'm', 'm']],
    });
    expect(codes(bad)).toEqual([
      ['UNEXPECTED_DATA_TYPE', 'age'],
      ['FEATURE_TYPE_LOW_FRACTION_PRESENT', 'age'],
      ['FLOAT_TYPE_SMALL_FLOAT', 'age'],
      ['FLOAT_TYPE_BIG_FLOAT', 'age'],
      ['FLOAT_TYPE_HAS_INF', 'age'],
      ['ENUM_TYPE_UNEXPECTED_STRING_VALUES', 'sex'],
    ]);
    expect(findAnomalies(bad.summaries(), schema).at(-1)!.message).toBe(
      '2 of 5 values lie outside the domain: "x", "y".',
    );
  });

  it('names new, missing and changed columns, and empty ones', () => {
    const other = profile({ age: ['categorical', ['20']], height: ['numeric', [1.8]] });
    expect(codes(other)).toEqual([
      ['SCHEMA_NEW_COLUMN', 'height'],
      ['UNEXPECTED_DATA_TYPE', 'age'],
      ['SCHEMA_MISSING_COLUMN', 'sex'],
    ]);
    const empty = profile({ age: ['numeric', [null, Number.NaN]], sex: ['categorical', ['f', 'm']] });
    expect(codes(empty)).toEqual([['FEATURE_TYPE_NOT_PRESENT', 'age']]);
  });

  it('bounds rows, different values and the share outside a domain', () => {
    const rules: DataSchema = {
      rows: { min: 5, max: 3 },
      columns: [
        { name: 'age', kind: 'numeric', unique: { min: 5 } },
        { name: 'sex', kind: 'categorical', unique: { max: 1 }, domain: ['f'], minimumDomainMass: 0.5 },
      ],
    };
    expect(codes(good, rules)).toEqual([
      ['DATASET_LOW_NUM_EXAMPLES', null],
      ['DATASET_HIGH_NUM_EXAMPLES', null],
      ['FEATURE_TYPE_LOW_UNIQUE', 'age'],
      ['FEATURE_TYPE_HIGH_UNIQUE', 'sex'],
    ]);
    const wrong = { columns: [{ name: 'age', kind: 'numeric' as const, minimumFraction: 2 }] };
    expect(() => codes(good, wrong)).toThrow("'age.minimumFraction' is 2");
  });
});

describe('findSkew', () => {
  it('compares served rows with the training reference', () => {
    const numbers = Float64Array.from({ length: 1000 }, (_, i) => i);
    const reference = buildReference([
      { kind: 'numeric', name: 'x', values: numbers },
      { kind: 'categorical', name: 'c', values: Array.from(numbers, (i) => (i % 2 ? 'a' : 'b')) },
    ]);
    const served = countAgainst(reference);
    expect(findSkew(served)).toEqual([]);
    served.addAll('x', numbers);
    served.addAll(
      'c',
      Array.from(numbers, (i) => (i % 10 ? 'a' : 'b')),
    );
    expect(findSkew(served).map(({ code, column }) => [code, column])).toEqual([
      ['COMPARATOR_L_INFTY_HIGH', 'c'],
    ]);
    served.addAll(
      'x',
      numbers.map((value) => value + 2000),
    );
    expect(findSkew(served).map(({ code }) => code)).toContain('COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH');
  });
});

describe('DuplicateRows', () => {
  it('counts exactly within its capacity and says when it is full', () => {
    const rows = new DuplicateRows(2);
    expect([[1, 'a'], [1, 'a'], ['1', 'a'], [3], [3]].map((row) => rows.add(row))).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(rows.counts).toEqual({ rows: 5, duplicates: 1, saturated: true });
    expect(rows.anomalies()).toMatchObject([
      { code: 'DUPLICATE_ROWS', message: '1 of 5 rows were seen before.' },
    ]);
    expect(rows.anomalies(0.2)).toEqual([]);
  });
});
