import { gatesText, policyOf } from './policy-fields';

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

  it('says the gates in words', () => {
    expect(gatesText(policyOf(typed))).toBe('AUC 0.75 or more; no sensitive inputs');
    expect(gatesText(policyOf({ ...typed, auc: '', sensitive: false }))).toBe('none');
  });
});
