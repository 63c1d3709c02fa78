import type { HeldDecisionAnswer } from '@steward/client/answers';
import type { Tone } from '../../parts/tone';

const TONES: Readonly<Record<HeldDecisionAnswer['state'], Tone>> = {
  pending: 'warn',
  contested: 'bad',
  confirmed: 'good',
  overridden: 'info',
};

export const decisionTone = (state: HeldDecisionAnswer['state']): Tone => TONES[state];
