import { byRule, bytes, count, duration, figure, pValue, short, time } from './format';
import { line } from './progress';
import { facts, table } from './table';
import { visibleText } from './visible-text';

describe('format', () => {
  it('shows counts, figures and what is missing', () => {
    expect([count(1_212), figure(0.76049), figure(null), figure(undefined), figure(Number.NaN)]).toEqual([
      '1,212',
      '0.760',
      '-',
      '-',
      '-',
    ]);
  });

  it('never says that a p-value is nought', () => {
    expect([pValue(1e-30), pValue(0.0421), pValue(null)]).toEqual(['< 0.001', '0.042', '-']);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_500, '1.5 kB'],
    [12_345_678, '12.3 MB'],
  ])('shows %d bytes as %s', (value, text) => expect(bytes(value)).toBe(text));

  it.each([
    [830, '0.8 s'],
    [9_960, '10 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ])('shows %d ms as %s', (value, text) => expect(duration(value)).toBe(text));

  it('shows moments in UTC and leaves what is no moment as it is', () => {
    expect([time('2026-11-23T13:42:46.123Z'), time('soon'), time(null)]).toEqual([
      '2026-11-23 13:42:46',
      'soon',
      '-',
    ]);
  });

  it('orders rules by how often they were broken', () => {
    expect([byRule({ key: 1, range: 3 }), byRule({}), short(null)]).toEqual(['range 3, key 1', '-', '-']);
  });
});

describe('visibleText', () => {
  it('shows escape sequences instead of sending them, and drops marks that reorder text', () => {
    expect(visibleText('a\u001b[31mb\u0007\u009b2J\u202etxt.exe\u007f')).toBe(
      'a\u241b[31mb\u24072Jtxt.exe\u2421',
    );
    expect(visibleText('tab\tand\nline stay, \u00e4\u00f6 too')).toBe(
      'tab\tand\nline stay, \u00e4\u00f6 too',
    );
  });
});

describe('table', () => {
  it('aligns numbers to the right and says so where there is nothing', () => {
    const text = table(
      ['name', 'rows'],
      [
        ['a', 5],
        ['long name', 1_000],
      ],
      'None.',
    );
    expect(text.split('\n')).toEqual(['NAME       ROWS', 'a             5', 'long name  1000']);
    expect(table(['name'], [], 'None.')).toBe('None.');
  });

  it('keeps a hostile value on its line and out of the terminal', () => {
    const text = table(['name', 'state'], [['x\nADMIN  ok\u001b[2J', null]], 'None.');
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toContain('\u001b');
    expect(facts([['A', 'b\r\nc']])).toBe('A  b\u240d c');
  });
});

describe('progress line', () => {
  it('never wraps and keeps its bar within bounds', () => {
    expect(line('reading', 0.5, '|', 80)).toBe('[############............]  50 % reading');
    expect(line('reading', 7, '|', 30)).toHaveLength(29);
    expect(line('x\u001b[1m', null, '|', 80)).toBe('| x\u241b[1m');
  });
});
