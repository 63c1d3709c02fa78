import type { ImpactAssessmentAnswer, ModelRiskAnswer } from '@steward/client/answers';
import type { Tone } from '../../parts/tone';

/**
 * What the class of risk means for a promotion, in words. Governance judges it for the very version that is asked for;
 * a signature may be about other inputs, data or purposes.
 */
export function riskStanding(
  risk: ModelRiskAnswer['risk'] | null,
  assessment: Pick<ImpactAssessmentAnswer, 'signedAt'> | null,
): { readonly tone: Tone; readonly says: string } {
  if (risk === 'unacceptable') return { tone: 'bad', says: 'never: the use is prohibited' };
  if (risk !== 'high') return { tone: 'quiet', says: 'needs no assessment' };
  return assessment?.signedAt
    ? { tone: 'good', says: 'a signed assessment stands' }
    : { tone: 'bad', says: 'blocked: nobody has signed an assessment' };
}
