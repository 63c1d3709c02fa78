import { ContractColumn, DatasetContract } from '@steward/contracts';
import { allowedValues, columnValue } from './column-values';

const column = (rest: Partial<ContractColumn>): ContractColumn =>
  ContractColumn.parse({ name: 'c', type: 'string', class: 'feature', ...rest });
const judge = (rest: Partial<ContractColumn>, text: string | null) => {
  const of = column(rest);
  const result = columnValue(of, text, of.allowed ? new Set(of.allowed) : null);
  return 'rule' in result ? `!${result.rule}` : result.value;
};

describe('columnValue', () => {
  it('takes an empty field as missing', () => {
    expect(judge({}, '')).toBe('!nullability');
    expect(judge({ type: 'number' }, null)).toBe('!nullability');
    expect(judge({ nullable: true }, '')).toBeNull();
  });

  it('reads numbers, and nothing that only looks like one', () => {
    expect(['1', '-0', '+.5', '1e3', '2.'].map((text) => judge({ type: 'number' }, text))).toEqual([
      1, 0, 0.5, 1000, 2,
    ]);
    for (const text of ['lots', '1,5', ' 1', '0x10', 'NaN', 'Infinity', '1e999', '--1', '1_000']) {
      expect(judge({ type: 'number' }, text)).toBe('!type');
    }
    expect(Object.is(judge({ type: 'number' }, '-0'), 0)).toBe(true);
  });

  it('reads integers exactly or not at all', () => {
    expect(judge({ type: 'integer' }, '9007199254740991')).toBe(9007199254740991);
    for (const text of ['9007199254740992', '2.5', '2.0', '1e3'])
      expect(judge({ type: 'integer' }, text)).toBe('!type');
  });

  it('holds ranges at their ends', () => {
    const range = { type: 'number', min: 0, max: 5 } as const;
    expect([judge(range, '0'), judge(range, '5'), judge(range, '5.0001'), judge(range, '-1')]).toEqual([
      0,
      5,
      '!range',
      '!range',
    ]);
  });

  it('reads booleans in their four spellings', () => {
    expect(['true', 'FALSE', '1', '0'].map((text) => judge({ type: 'boolean' }, text))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(judge({ type: 'boolean' }, 'yes')).toBe('!type');
    expect(judge({ type: 'boolean', allowed: ['true'] }, '0')).toBe('!allowed');
  });

  it('reads moments that exist', () => {
    const time = (text: string) => judge({ type: 'timestamp' }, text);
    expect(time('2026-03-01')).toBe(Date.UTC(2026, 2, 1));
    expect(time('2026-03-01T01:30:00+01:30')).toBe(Date.UTC(2026, 2, 1));
    expect(time('2026-03-01 12:00:01.2345Z')).toBe(Date.UTC(2026, 2, 1, 12, 0, 1, 234));
    for (const text of [
      '2026-02-30',
      '2026-13-01',
      '2026-01-01T25:00',
      '1.1.2026',
      '2026-01-01T00:00+15:00',
    ]) {
      expect(time(text)).toBe('!type');
    }
  });

  it('counts characters, not code units, and knows the closed set', () => {
    expect(judge({ maxLength: 2 }, '😀😀')).toBe('😀😀');
    expect(judge({ maxLength: 2 }, 'abc')).toBe('!maxLength');
    expect(judge({ allowed: ['yes', 'no'] }, 'perhaps')).toBe('!allowed');
  });
});

describe('allowedValues', () => {
  it('closes the label to its two values even where the contract names no set', () => {
    const contract = DatasetContract.parse({
      dataset: 'd',
      columns: [{ name: 'deny', type: 'string', class: 'label' }],
      label: { column: 'deny', positive: 'yes', negative: 'no', favourable: 'no' },
    });
    expect([...(allowedValues(contract, contract.columns[0]!) ?? [])]).toEqual(['yes', 'no']);
  });
});
