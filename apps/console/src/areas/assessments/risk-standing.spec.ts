import { riskStanding } from './risk-standing';

it('blocks what is prohibited, and a high risk until somebody signs', () => {
  expect(riskStanding('unacceptable', { signedAt: '2026-11-01' }).says).toMatch(/^never/);
  expect(riskStanding('high', null).says).toMatch(/^blocked/);
  expect(riskStanding('high', { signedAt: null }).says).toMatch(/^blocked/);
  expect(riskStanding('high', { signedAt: '2026-11-01' })).toMatchObject({ tone: 'good' });
  for (const risk of ['minimal', 'limited', null] as const)
    expect(riskStanding(risk, null).says).toBe('needs no assessment');
});
