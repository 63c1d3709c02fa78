import { decisionTone } from './decision-tone';
import { policyText } from './policy-text';

it('says what is held', () => {
  const policy = { active: true, labels: ['yes'], band: { from: 0.4, to: 0.6 } };
  expect(policyText(policy)).toBe('decisions for yes, and scores from 0.4 to 0.6');
  expect(policyText({ ...policy, band: null })).toBe('decisions for yes');
  expect(policyText({ ...policy, active: false })).toMatch(/^nothing/);
  expect(policyText(null)).toMatch(/^nothing/);
});

it('tells what waits from what is done', () => {
  expect(decisionTone('pending')).toBe('warn');
  expect(decisionTone('confirmed')).toBe('good');
});
