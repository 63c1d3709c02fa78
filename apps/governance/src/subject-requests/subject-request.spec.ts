import * as fc from 'fast-check';
import { SubjectRequestStates } from '@steward/contracts';
import {
  addMonths,
  extendedDue,
  firstDue,
  isOpen,
  requireMove,
  requireReady,
  type SubjectRequest,
} from './subject-request';
import { combinedTerms, DEFAULT_TERMS, TermReasons } from './subject-terms';

const request: SubjectRequest = {
  id: 'r',
  project: 'lending',
  pseudonym: `sub_${'0'.repeat(32)}`,
  kind: 'erasure',
  state: 'received',
  receivedAt: '2026-01-31T10:00:00.000Z',
  dueAt: '2026-02-28T10:00:00.000Z',
  extended: false,
  responsible: null,
  openedBy: 'u-1',
  correlation: 'c',
  runBy: null,
  runAt: null,
  ground: null,
  result: null,
  endedAt: null,
};

describe('the clock', () => {
  it.each([
    ['2026-01-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
    ['2024-01-31T10:00:00.000Z', '2024-02-29T10:00:00.000Z'],
    ['2026-03-15T00:00:00.000Z', '2026-04-15T00:00:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2027-01-31T23:59:59.999Z'],
  ])('gives an answer to %s until %s', (received, due) => {
    expect(firstDue(received)).toBe(due);
  });

  it('never runs backwards and never passes the month meant', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        fc.integer({ min: 1, max: 24 }),
        (from, months) => {
          const to = new Date(addMonths(from.toISOString(), months));
          const apart =
            (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
          expect(apart).toBe(months);
          expect(to.getUTCDate()).toBeLessThanOrEqual(from.getUTCDate());
        },
      ),
    );
  });

  it('is extended once, by two months at most, and only before it has run out', () => {
    const now = '2026-02-10T00:00:00.000Z';
    expect(extendedDue(request, 2, now)).toBe('2026-04-30T10:00:00.000Z');
    expect(() => extendedDue({ ...request, extended: true }, 1, now)).toThrow('once already');
    expect(() => extendedDue(request, 1, '2026-03-01T00:00:00.000Z')).toThrow('was due');
  });
});

describe('the states', () => {
  it('have one way, and no way back from an end', () => {
    const allowed = SubjectRequestStates.flatMap((from) =>
      SubjectRequestStates.filter((to) => {
        try {
          requireMove({ ...request, state: from }, to);
          return true;
        } catch {
          return false;
        }
      }).map((to) => `${from} > ${to}`),
    );
    expect(allowed).toEqual([
      'received > in_progress',
      'received > fulfilled',
      'received > refused',
      'received > withdrawn',
      'in_progress > fulfilled',
    ]);
    expect(SubjectRequestStates.filter(isOpen)).toEqual(['received', 'in_progress']);
  });

  it('wait for a person responsible and for the proof of identity', () => {
    const identity = {
      id: 'n',
      kind: 'identity',
      author: 'u',
      text: 'passport',
      digest: null,
      createdAt: '',
    } as const;
    expect(() => requireReady(request, [identity])).toThrow('Nobody answers');
    expect(() =>
      requireReady({ ...request, responsible: 'u-1' }, [{ ...identity, kind: 'evidence' }]),
    ).toThrow('identity first');
    expect(() => requireReady({ ...request, responsible: 'u-1' }, [identity])).not.toThrow();
  });
});

describe('terms', () => {
  it('are as strict as the strictest reason', () => {
    const of = (...reasons: (typeof TermReasons)[number][]) =>
      combinedTerms(reasons.map((because) => ({ because, ...DEFAULT_TERMS[because] })));
    expect(of()).toEqual({ training: true, inference: 'allowed', because: [] });
    expect(of('objection')).toEqual({ training: false, inference: 'person', because: ['objection'] });
    expect(of('restriction', 'objection')).toEqual({
      training: false,
      inference: 'refused',
      because: ['objection', 'restriction'],
    });
  });
});
