import { readRules, rulesText } from './rules-text';

const RULES = [
  { action: ['update'], subject: ['ModelAlias'], conditions: { alias: { $in: ['canary', 'shadow'] } } },
  { action: ['read'], subject: ['Run'], inverted: true },
];

it.each(['yaml', 'json'] as const)('reads what it wrote as %s', (form) => {
  expect(readRules(rulesText(RULES, form))).toEqual({ rules: RULES });
});

it.each([
  ['- action: [read\n  subject: [Run]', /^Line \d cannot be read/],
  ['action: [read]', 'The text must be a list of rules, each beginning with a dash.'],
  ['- read', 'Rule 1: it must name action and subject.'],
  ['- {action: read, subject: [Run]}', 'Rule 1: action must be a list of texts, say [read].'],
  ['- {action: [read], subject: [1]}', 'Rule 1: subject must be a list of texts, say [Run].'],
  ['- {action: [read], subject: [Run], when: now}', /^Rule 1: there is no when in a rule/],
  ['- {action: [read], subject: [Run], inverted: maybe}', 'Rule 1: inverted must be true or false.'],
  [
    '- {action: [read], subject: [Run], conditions: {tags: 5}}',
    'Rule 1: the condition on tags must be a text or operators, not 5.',
  ],
  [
    '- {action: [read], subject: [Run], conditions: [tags]}',
    'Rule 1: conditions must name fields, say alias: champion.',
  ],
])('says what is wrong with %j', (text, fault) => {
  const read = readRules(text);
  expect('fault' in read ? read.fault : '').toMatch(fault);
});
