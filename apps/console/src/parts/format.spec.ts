import { count, duration, figure, figureName, idText, percent, plain, several, short, words } from './format';

it('writes figures, and a dash where there is none', () => {
  expect([figure(0.12345), figure(null), figure(Number.NaN), figure(1, 0)]).toEqual(['0.123', '–', '–', '1']);
  expect([count(12345), count(undefined)]).toEqual(['12,345', '–']);
  expect([several(1, 'row'), several(2_000, 'row')]).toEqual(['1 row', '2,000 rows']);
  expect([percent(0.1234), percent(null)]).toEqual(['12.3\u00a0%', '–']);
  expect([short('abcdef', 3), short(null)]).toEqual(['abc', '–']);
});

it('writes names as words', () => {
  expect([figureName('auc'), figureName('logLoss')]).toEqual(['AUC', 'log loss']);
  expect(idText('01a20936-0a6a-7fdb-ae30-044c1b0dcecd')).toBe('1b0dcecd');
  expect(idText(`sub_${'0123456789abcdef'.repeat(2)}`)).toBe('sub_01234567…');
  expect(idText('approval@champion')).toBe('approval@champion');
  expect(words('demographicParityRatio')).toBe('demographic parity ratio');
  expect(words('not_enough-data')).toBe('not enough data');
});

it('writes how long something took', () => {
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  expect(duration(at(0), at(4.2))).toBe('4.2 s');
  expect(duration(at(0), at(192))).toBe('3 min 12 s');
  expect(duration(at(0), at(3_780))).toBe('1 h 3 min');
  expect(duration(at(0), null)).toBe('–');
});

it('writes any value as one line', () => {
  expect([plain('x'), plain(3), plain(0.5), plain({ a: [1] }), plain(null)]).toEqual([
    'x',
    '3',
    '0.5000',
    '{"a":[1]}',
    '–',
  ]);
});
