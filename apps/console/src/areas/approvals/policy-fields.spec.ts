import { gatesOf, policyOf, termsOf } from './policy-fields';

describe('the form of an approval policy', () => {
  const typed = {
    approvers: '2',
    roles: 'approver, , administrator ',
    auc: '0.75',
    parity: '',
    hours: '48',
    sensitive: true,
    delegation: false,
  };

  it('takes what is empty for not asked', () => {
    expect(policyOf(typed)).toEqual({
      approvers: 2,
      roles: ['approver', 'administrator'],
      gates: { minimumAuc: 0.75, minimumDemographicParityRatio: null, noSensitiveInputs: true },
      expiresAfterHours: 48,
      delegation: false,
    });
    expect(policyOf({ ...typed, hours: '' }).expiresAfterHours).toBeNull();
  });

  it('says gates and terms in words', () => {
    const policy = policyOf(typed);
    expect(gatesOf(policy)).toEqual(['AUC 0.75 or more', 'no sensitive inputs']);
    expect(gatesOf(policyOf({ ...typed, auc: '', sensitive: false }))).toEqual(['none']);
    expect(termsOf(policy)).toEqual(['expires after 48 h', 'no delegation']);
    expect(termsOf(policyOf({ ...typed, hours: '', delegation: true }))).toEqual([
      'waits for ever',
      'may be delegated',
    ]);
  });
});
