import type { DecisionPolicyAnswer } from '@steward/client/answers';

/** A decision policy as one sentence; null: there is none. */
export function policyText(policy: DecisionPolicyAnswer['policy'] | null): string {
  if (!policy?.active) return 'nothing: the model decides alone';
  const { labels, band } = policy;
  return [
    ...(labels.length > 0 ? [`decisions for ${labels.join(', ')}`] : []),
    ...(band ? [`scores from ${band.from} to ${band.to}`] : []),
  ].join(', and ');
}
