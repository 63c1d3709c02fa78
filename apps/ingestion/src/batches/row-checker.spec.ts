import { lendingContract } from './lending-contract.factory';
import { RowChecker } from './row-checker';

const good = [
  'A-1',
  'yes',
  '0.4',
  '0.4',
  '0.8',
  '2',
  '2',
  'yes',
  '3.9',
  'yes',
  'no',
  'no',
  'no',
  'no',
  'yes',
];
const withField = (at: number, text: string) => good.map((value, index) => (index === at ? text : value));

describe('RowChecker', () => {
  it('names the first broken rule and its column, and masks identifiers', () => {
    const checker = new RowChecker(lendingContract());
    expect(checker.check(withField(2, 'lots'))).toEqual({ rule: 'type', column: 'pirat', value: 'lots' });
    expect(checker.check(withField(3, ''))).toMatchObject({ rule: 'nullability', column: 'hirat' });
    expect(checker.check(withField(8, '390'))).toEqual({ rule: 'range', column: 'unemp', value: '390' });
    expect(checker.check(withField(1, 'perhaps'))).toMatchObject({ rule: 'allowed', column: 'deny' });
    expect(checker.check(withField(0, 'B'.repeat(30)))).toEqual({
      rule: 'maxLength',
      column: 'applicant',
      value: '***',
    });
    expect(checker.check(withField(0, '  '))).toMatchObject({ rule: 'nullability', column: 'applicant' });
  });

  it('holds the key of the first accepted row, compared as normalised', () => {
    const checker = new RowChecker(lendingContract());
    expect(checker.check(withField(2, 'lots'))).toMatchObject({ rule: 'type' });
    expect(checker.check(good)).toMatchObject({
      values: ['A-1', 'yes', 0.4, 0.4, 0.8, 2, 2, 'yes', 3.9, 'yes', 'no', 'no', 'no', 'no', 'yes'],
    });
    expect(checker.check(withField(0, ' a-1 '))).toEqual({ rule: 'key', column: 'applicant', value: '***' });
    expect(checker.check(withField(0, 'A-2'))).toHaveProperty('values');
  });

  it('puts the subject of a labelled row in place of its identifiers', () => {
    const checker = new RowChecker(lendingContract());
    const unnamed = withField(0, '');
    expect(checker.check(unnamed, 'sub_1')).toMatchObject({
      values: [null, 'yes', ...Array(13).fill(expect.anything())],
    });
    expect(checker.check(unnamed, 'sub_1')).toMatchObject({ rule: 'key' });
    expect(checker.check(unnamed, 'sub_2')).toHaveProperty('values');
  });
});
