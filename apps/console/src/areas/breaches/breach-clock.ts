import type { BreachAnswer } from '@steward/client/answers';
import type { Tone } from '../../parts/tone';

const DAY_HOURS = 24;

/** How much of the 72 hours is left (GDPR Art. 33(1)), and how pressing that is. */
export function breachClock({ state, hoursLeft }: Pick<BreachAnswer, 'state' | 'hoursLeft'>): {
  readonly tone: Tone;
  readonly says: string;
} {
  if (hoursLeft === null) return { tone: 'quiet', says: state === 'open' ? 'stopped' : 'ended' };
  if (hoursLeft < 0) return { tone: 'bad', says: `overdue by ${-hoursLeft} h` };
  return { tone: hoursLeft < DAY_HOURS ? 'bad' : 'warn', says: `${hoursLeft} h left` };
}
