import type { EmergencyAnswer } from '@steward/client/answers';
import type { Tone } from '../../parts/tone';

/** How an emergency access stands: in force, waiting for a signature, or judged. */
export function reviewState({
  endedAt,
  reviewedBy,
  justified,
}: Pick<EmergencyAnswer, 'endedAt' | 'reviewedBy' | 'justified'>): {
  readonly tone: Tone;
  readonly text: string;
} {
  if (endedAt === null) return { tone: 'bad', text: 'in force' };
  if (reviewedBy === null) return { tone: 'warn', text: 'review open' };
  return justified ? { tone: 'good', text: 'justified' } : { tone: 'bad', text: 'not justified' };
}
