import { roleChanges } from './principal';

describe('roleChanges', () => {
  it('ends and makes no more grants than needed, so that those which stay keep their giver and date', () => {
    const current = [
      { role: 'auditor', project: null },
      { role: 'approver', project: 'a' },
    ];
    const next = [
      { role: 'approver', project: 'a' },
      { role: 'approver', project: null },
      { role: 'approver', project: null },
    ];
    expect(roleChanges(current, next)).toEqual({
      grant: [{ role: 'approver', project: null }],
      revoke: [{ role: 'auditor', project: null }],
    });
  });
});
