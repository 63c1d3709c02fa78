import { diffLines, roleDiff, stepWords, type PolicyDocument } from './policy-steps';

const written = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ sign, text }) => `${sign}${text}`);

it('compares texts line by line', () => {
  expect(written('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([' a', '-b', '+x', ' c', '+d']);
  expect(written('', 'a\n')).toEqual(['+a']);
  expect(written('a\n', '')).toEqual(['-a']);
  expect(written('', '')).toEqual([]);
});

it('shows the rules of a role before and after, and nothing for who holds it', () => {
  const document = (rules: PolicyDocument['roles'][string]['rules']): PolicyDocument => ({
    roles: rules.length > 0 ? { tuner: { description: 'Tunes.', rules } } : {},
    requireTotp: [],
    bindings: {},
  });
  const before = document([{ action: ['read'], subject: ['Run'] }]);
  const after = document([{ action: ['read'], subject: ['Model'] }]);
  const lines = roleDiff({ kind: 'role.change', role: 'tuner' }, before, after);
  expect(lines?.filter(({ sign }) => sign !== ' ')).toEqual([
    { sign: '-', text: '    - Run' },
    { sign: '+', text: '    - Model' },
  ]);
  const gone = roleDiff({ kind: 'role.delete', role: 'tuner' }, before, document([]));
  expect(gone?.every(({ sign }) => sign === '-')).toBe(true);
  expect(roleDiff({ kind: 'role.grant', role: 'tuner', user: 'ada' }, before, after)).toBeNull();
});

it('says steps in words', () => {
  const step = { kind: 'role.revoke', role: 'approver', user: 'ada', project: 'lending' };
  expect(stepWords(step)).toEqual({
    sign: 'gone',
    what: 'a role is taken away',
    of: 'ada: approver in lending',
  });
  expect(stepWords({ ...step, project: null }).of).toBe('ada: approver everywhere');
  expect(stepWords({ kind: 'totp.require', role: 'approver' }).of).toBe('approver');
});
