import type { ContractAnswer } from '@steward/client/answers';
import { contractRule } from './contract-rule';

const rule = (of: object) => contractRule(of as ContractAnswer['contract']['columns'][number]);

it('says in a few words what a column must hold', () => {
  expect(rule({ min: 0, max: 1 })).toBe('0 to 1');
  expect(rule({ min: 0 })).toBe('at least 0');
  expect(rule({ max: 9, maxLength: 3 })).toBe('at most 9, at most 3 characters');
  expect(rule({ allowed: ['no', 'yes'] })).toBe('no | yes');
  expect(rule({ allowed: 'abcdefg'.split('') })).toBe('one of 7 values');
  expect(rule({})).toBe('–');
});
