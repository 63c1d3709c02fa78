import { RetentionClasses } from '@steward/contracts';
import { because, days, ENFORCED_CLASSES, firstPerson, runState, scopeText } from './retention-words';

it('knows every class but the one that is gone at once', () => {
  expect([...ENFORCED_CLASSES, 'raw-uploads'].toSorted()).toEqual([...RetentionClasses].toSorted());
});

it('says ages, grounds and scopes in words', () => {
  expect([days(1), days(90), days(730), days(400)]).toEqual([
    '1 day',
    '90 days',
    '2 years (730 days)',
    '400 days',
  ]);
  const grounds = [
    { kind: 'policy', name: 'project', days: 90 },
    { kind: 'purpose', name: 'credit', days: 30 },
  ];
  const scheduled = { class: 'quarantine', dataset: 'a', days: 30, enforced: true, because: grounds };
  expect(because(scheduled)).toBe('purpose credit: 30 days, policy project: 90 days');
  expect(because({ ...scheduled, enforced: false })).toBe('gone as soon as it is checked');
  expect(scopeText({ class: 'prediction-rows', dataset: 'a' })).toBe('prediction rows of a');
  expect(scopeText({ class: null, dataset: null })).toBe('everything');
});

it('knows who may not confirm, and when nobody need', () => {
  const run = { origin: 'person', openedBy: 'ada', policyBy: 'bob' } as const;
  expect(firstPerson(run)).toBe('ada');
  expect(firstPerson({ ...run, origin: 'schedule' })).toBe('bob');
  expect(runState({ state: 'counted', unattended: false })).toMatch(/second person/);
  expect(runState({ state: 'counted', unattended: true })).toMatch(/policy/);
});
