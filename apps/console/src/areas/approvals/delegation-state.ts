import type { DelegationAnswer } from '@steward/client/answers';

/** How a delegation stands at a moment (milliseconds since 1970). */
export function delegationState(
  { startsAt, endsAt, revokedAt }: Pick<DelegationAnswer, 'startsAt' | 'endsAt' | 'revokedAt'>,
  now: number,
): 'taken back' | 'over' | 'begins later' | 'in force' {
  if (revokedAt !== null) return 'taken back';
  if (Date.parse(endsAt) <= now) return 'over';
  return Date.parse(startsAt) > now ? 'begins later' : 'in force';
}
