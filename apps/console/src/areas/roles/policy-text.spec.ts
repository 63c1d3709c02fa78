import { readPolicy } from './policy-text';

it('reads a policy with what it leaves unsaid', () => {
  const text = 'roles:\n  tuner:\n    rules: [{ action: [read], subject: [Run] }]\n';
  expect(readPolicy(text)).toEqual({
    document: {
      roles: { tuner: { description: '', rules: [{ action: ['read'], subject: ['Run'] }] } },
      requireTotp: [],
      bindings: {},
    },
  });
  expect(readPolicy('')).toEqual({ document: { roles: {}, requireTotp: [], bindings: {} } });
});

it.each([
  ['roles: [unclosed', /^Line \d+ cannot be read/],
  ['- role', /this is a list or a text/],
  ['roles: [a]', 'roles must name each role with its rules.'],
  ['roles: { tuner: { rules: all } }', 'The role tuner must have a list of rules.'],
])('says what is wrong with %j', (text, fault) => {
  const read = readPolicy(text);
  expect('fault' in read ? read.fault : '').toMatch(fault);
});
