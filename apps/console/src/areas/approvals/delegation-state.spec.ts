import { delegationState } from './delegation-state';

describe('a delegation', () => {
  const day = (n: number): string => `2026-03-0${n}T00:00:00.000Z`;
  const given = { startsAt: day(2), endsAt: day(4), revokedAt: null };
  const at = (n: number, change: object = {}) => delegationState({ ...given, ...change }, Date.parse(day(n)));

  it('holds from its beginning until, not including, its end, unless it was taken back', () => {
    expect([1, 2, 3, 4].map((n) => at(n))).toEqual(['begins later', 'in force', 'in force', 'over']);
    expect(at(3, { revokedAt: day(2) })).toBe('taken back');
  });
});
