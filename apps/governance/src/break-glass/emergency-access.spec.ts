import type { Account } from '../approvals/four-eyes';
import { reviewRefusal } from './emergency-access';

const account = (
  id: string,
  role: string | null,
  rest: Partial<Account> & { by?: string } = {},
): Account => ({
  id,
  kind: 'person',
  active: true,
  createdBy: 'root',
  createdAt: '2026-01-01T00:00:00.000Z',
  grants:
    role === null
      ? []
      : [
          {
            role,
            project: null,
            grantedBy: rest.by ?? 'root',
            grantedAt: '2026-01-02T00:00:00.000Z',
            revokedAt: null,
          },
        ],
  ...rest,
});
const refusal = (reviewer: string, ...accounts: Account[]): string | null =>
  reviewRefusal(
    { project: 'lending', person: 'eve' },
    reviewer,
    '2026-02-01T00:00:00.000Z',
    new Map(accounts.map((each) => [each.id, each])),
  )?.code ?? null;

describe('reviewRefusal', () => {
  it('lets an administrator or a privacy officer sign', () => {
    expect(refusal('ann', account('ann', 'administrator'))).toBeNull();
    expect(refusal('ann', account('ann', 'privacy-officer'))).toBeNull();
  });

  it('refuses the person, who holds no such role, and who has role or account from that person', () => {
    expect(refusal('eve', account('eve', 'administrator'))).toBe('EXCLUDED');
    expect(refusal('ann', account('ann', 'ml-engineer'))).toBe('NO_ROLE');
    expect(refusal('ann', account('ann', null))).toBe('NO_ROLE');
    expect(refusal('ann', account('ann', 'administrator', { by: 'eve' }))).toBe('ROLE_FROM_EXCLUDED');
    expect(refusal('ann', account('ann', 'administrator', { createdBy: 'eve' }))).toBe(
      'ACCOUNT_FROM_EXCLUDED',
    );
    expect(refusal('ann', account('ann', 'administrator', { active: false }))).toBe('DISABLED');
  });
});
