import { judgeDecision, type Decision } from './judge-decision';
import type { ApprovalRequestCopy } from './model-version';

const CHAMPION = 'a'.repeat(64);
const CANDIDATE = 'b'.repeat(64);

const request: ApprovalRequestCopy = {
  requestId: '01980000-0000-7000-8000-000000000000',
  project: 'lending',
  model: 'approval',
  version: 2,
  digest: CANDIDATE,
  alias: 'champion',
  replaces: CHAMPION,
  runId: '01980000-0000-7000-8000-000000000001',
  state: 'open',
  voidCode: null,
  openedAt: '2026-01-01T00:00:00.000Z',
  decidedAt: null,
};

const granted: Decision = {
  decision: 'granted',
  project: 'lending',
  model: 'approval',
  version: 2,
  digest: CANDIDATE,
  alias: 'champion',
  replaces: CHAMPION,
};

describe('compare-and-set of an alias', () => {
  it('moves where request, digest and champion agree', () => {
    expect(judgeDecision(granted, request, { digest: CHAMPION })).toEqual({ kind: 'move' });
  });

  it('moves an alias that pointed nowhere', () => {
    const first = { ...request, replaces: null };
    expect(judgeDecision({ ...granted, replaces: null }, first, null)).toEqual({ kind: 'move' });
  });

  it.each([
    ['another digest', { digest: 'c'.repeat(64) }],
    ['another version', { version: 1 }],
    ['another alias', { alias: 'shadow' }],
    ['another model', { model: 'other' }],
    ['another project', { project: 'elsewhere' }],
    ['another replaced champion', { replaces: null }],
  ])('voids a grant that names %s', (_, change) => {
    expect(judgeDecision({ ...granted, ...change }, request, { digest: CHAMPION })).toEqual({
      kind: 'void',
      code: 'TRAINING.APPROVAL_MISMATCH',
    });
  });

  it.each([[null], [{ digest: 'd'.repeat(64) }]])(
    'voids a grant when the champion is no longer the one named',
    (now) => {
      expect(judgeDecision(granted, request, now)).toEqual({
        kind: 'void',
        code: 'TRAINING.CHAMPION_CHANGED',
      });
    },
  );

  it('voids a grant that nobody asked for', () => {
    expect(judgeDecision(granted, null, { digest: CHAMPION })).toEqual({
      kind: 'void',
      code: 'TRAINING.APPROVAL_UNKNOWN',
    });
  });

  it.each(['granted', 'rejected', 'expired', 'voided'] as const)(
    'ignores a decision about a request that is %s',
    (state) => {
      expect(judgeDecision(granted, { ...request, state }, { digest: CHAMPION })).toEqual({ kind: 'ignore' });
    },
  );

  it.each(['rejected', 'expired'] as const)('closes a request that was %s and moves nothing', (decision) => {
    expect(judgeDecision({ ...granted, decision }, request, { digest: CHAMPION })).toEqual({
      kind: 'close',
      state: decision,
    });
  });
});
