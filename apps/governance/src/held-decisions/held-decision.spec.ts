import { DecisionPolicy, decidingFault, type DecisionStep, type HeldDecision } from './held-decision';

const decision = (state: HeldDecision['state']): HeldDecision => ({
  id: 'd',
  project: 'lending',
  predictionId: 'p',
  row: 0,
  model: 'approval',
  version: 1,
  digest: 'x',
  classes: ['no', 'yes'],
  policyVersion: 1,
  pseudonym: null,
  proposed: 'yes',
  score: 0.7,
  because: 'label',
  heldAt: '',
  correlation: '',
  state,
  label: null,
  decidedBy: null,
  decidedAt: null,
});
const decided = (by: string): DecisionStep => ({
  id: 's',
  kind: 'decide',
  label: 'yes',
  reason: 'r',
  answer: 'a',
  by,
  at: '',
});
const code = (...args: Parameters<typeof decidingFault>): string | null =>
  decidingFault(...args)?.code ?? null;

describe('decidingFault', () => {
  it('lets anybody decide what waits, and another what was contested', () => {
    expect(code(decision('pending'), [], 'rita', 'no')).toBeNull();
    expect(code(decision('contested'), [decided('rita')], 'sam', 'no')).toBeNull();
    expect(code(decision('contested'), [decided('rita')], 'rita', 'no')).toBe('GOVERNANCE.OWN_DECISION');
  });

  it('refuses what is decided, and what the model does not know', () => {
    expect(code(decision('confirmed'), [decided('rita')], 'sam', 'no')).toBe('GOVERNANCE.DECISION_MADE');
    expect(code(decision('pending'), [], 'rita', 'maybe')).toBe('GOVERNANCE.NO_SUCH_LABEL');
  });
});

describe('DecisionPolicy', () => {
  it.each([
    { active: true },
    { labels: [], band: null },
    { band: { from: 0.6, to: 0.4 } },
    { band: { from: 0, to: 7 } },
    { labels: ['yes'], extra: 1 },
  ])('refuses %j', (policy) => {
    expect(DecisionPolicy.safeParse(policy).success).toBe(false);
  });

  it('takes labels, a band, or none once it is turned off', () => {
    expect(DecisionPolicy.parse({ labels: ['yes'] })).toEqual({ active: true, labels: ['yes'], band: null });
    expect(DecisionPolicy.safeParse({ active: false }).success).toBe(true);
  });
});
