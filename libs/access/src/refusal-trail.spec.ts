import { Logger } from '@nestjs/common';
import type { Database, UnitOfWork } from '@steward/database';
import { errors, FixedClock, type AppError } from '@steward/kernel';
import type { AuditFact, AuditTrail } from './audit-trail';
import type { Caller } from './caller';
import { ANONYMOUS } from './entry-guard';
import { RefusalTrail } from './refusal-trail';

beforeAll(() => Logger.overrideLogger(false));

const clock = new FixedClock();
let facts: AuditFact[];
let fails: boolean;
let trail: RefusalTrail;

beforeEach(() => {
  facts = [];
  fails = false;
  const database = {
    transaction: (work: (unit: UnitOfWork) => Promise<void>) =>
      fails ? Promise.reject(new Error('away')) : work({} as UnitOfWork),
  } as unknown as Database;
  const audit: AuditTrail = { record: (_unit, _caller, fact) => void facts.push(fact) };
  clock.advance(3_600_000);
  trail = new RefusalTrail(database, audit, clock);
});

const from = (id: string, address = '10.0.0.1'): Caller => ({
  principal: { ...ANONYMOUS, id },
  correlation: 'c',
  project: 'lending',
  address,
});
const forbidden = errors.forbidden('ACCESS.FORBIDDEN', 'No.');
const note = (who: string, error: AppError = forbidden, entry = 'GET /x'): void =>
  trail.note(from(who), entry, error);

describe('RefusalTrail', () => {
  it('writes what was refused to whom, and why', () => {
    note('eve');
    expect(facts).toEqual([
      {
        action: 'access.refuse',
        object: { kind: 'entry', id: 'GET /x' },
        project: 'lending',
        outcome: 'refused',
        details: { code: 'ACCESS.FORBIDDEN' },
      },
    ]);
  });

  it('leaves out faults that refuse nobody', () => {
    note('eve', errors.invalid('X.Y', 'Bad.'));
    note('eve', errors.unavailable('X.Y', 'Away.'));
    expect(facts).toEqual([]);
  });

  it('writes the same refusal once a minute and counts the rest in the next entry', () => {
    for (let i = 0; i < 10; i += 1) note('eve');
    note('bob');
    note('eve', forbidden, 'GET /y');
    expect(facts).toHaveLength(3);
    clock.advance(60_000);
    note('eve');
    expect(facts[3]?.details).toEqual({ code: 'ACCESS.FORBIDDEN', unlistedBefore: 9 });
  });

  it('is bounded whatever an attacker varies', () => {
    for (let i = 0; i < 1_000; i += 1) note(`mallory-${i}`);
    expect(facts).toHaveLength(300);
    clock.advance(60_000);
    note('eve');
    expect(facts.at(-1)?.details).toMatchObject({ unlistedBefore: 700 });
  });

  it('does not fail when the audit entry cannot be written', async () => {
    fails = true;
    expect(() => note('eve')).not.toThrow();
    await Promise.resolve();
    expect(facts).toEqual([]);
  });
});
