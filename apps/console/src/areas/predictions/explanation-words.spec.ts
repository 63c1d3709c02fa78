import { barsOf, changesText, signed, unitsText, valueText } from './explanation-words';

const contribution = (column: string, value: number | string | null, amount: number) => ({
  column,
  value,
  contribution: amount,
});

it('draws what did most first, with the value of each column', () => {
  const bars = barsOf([
    contribution('a', 0.1234567, 0.5),
    contribution('b', null, -2),
    contribution('c', 'x', 0),
  ]);
  expect(bars).toEqual([
    { label: 'b = missing', value: -2 },
    { label: 'a = 0.123457', value: 0.5 },
    { label: 'c = x', value: 0 },
  ]);
});

it('sums up what fits no more, and loses nothing of the sum', () => {
  const many = Array.from({ length: 30 }, (_, at) => contribution(`c${at}`, at, 30 - at));
  const bars = barsOf(many);
  expect(bars).toHaveLength(14);
  expect(bars.at(-1)?.label).toBe('17 others');
  expect(bars.reduce((sum, { value }) => sum + value, 0)).toBe(465);
});

it('says values, signs, units and changes in words', () => {
  expect([signed(0.5), signed(-0.5), signed(null)]).toEqual(['+0.5000', '−0.5000', '–']);
  expect(valueText(true)).toBe('true');
  const basis = { model: 'm', version: 1, digest: '', method: '', calibrated: false, base: 0, base_rows: 1 };
  expect(unitsText({ ...basis, units: 'log_odds', classes: ['no', 'yes'], rows: [] })).toBe(
    'log-odds of yes',
  );
  const changes = [
    { column: 'a', from: 1, to: 2 },
    { column: 'b', from: null, to: 'x' },
  ];
  expect(changesText({ changes, cost: 1, label: 'no', probability: 0.2 })).toBe(
    'a 2 instead of 1 and b x instead of missing',
  );
});
