import { percent } from '../../parts/format';
import { comparisonWord, limitsText } from './limits-text';

it('says a difference with its limits', () => {
  expect(limitsText({ value: 0.012, lower: 0.004, upper: 0.02 }, percent)).toMatch(
    /^1\.2.%.*0\.4.% to 2\.0.%/,
  );
  expect(limitsText(null, percent)).toBe('–');
});

it('says what limits show, and no more', () => {
  const of = (lower: number, upper: number) => comparisonWord({ value: 0, lower, upper });
  expect(of(0.01, 0.2)).toBe('shown to be worse');
  expect(of(-0.2, -0.01)).toBe('shown to be better');
  expect(of(-0.1, 0.1)).toBe('no difference shown');
  expect(comparisonWord(null)).toBe('nothing seen yet');
});
