import { EMPTY_POLICY, type PolicyApiKey, type PolicyProject, type Principal } from '@steward/access';
import type { CallLimits } from '@steward/contracts';
import { AppError, FixedClock } from '@steward/kernel';
import { CallerAllowances } from './caller-allowances';
import { GuardMetrics } from './guard.metrics';
import { ModelLimits } from './guard-plan';
import { InstallationLimits } from './installation-limits';
import { LimitSettings } from './limit-settings';
import { RowQuotas } from './row-quotas';

const key = (id: string): Principal => ({
  id: 'm-desk',
  kind: 'machine',
  roles: [],
  credential: { kind: 'api-key', id },
});
const token = (id: string, jti: string): Principal => ({
  id,
  kind: 'person',
  roles: [],
  credential: { kind: 'token', id: jti },
});
const MODEL = 'risk.approval';

function house(settings: object, known = true) {
  const clock = new FixedClock();
  const quotas = new RowQuotas();
  if (known) quotas.read([]);
  const policy = { current: EMPTY_POLICY };
  const make = () =>
    new CallerAllowances(
      new InstallationLimits(new LimitSettings(JSON.stringify(settings)), policy),
      quotas,
      new GuardMetrics(),
      clock,
      true,
    );
  /** What governance says now of the key `a` and the project `risk`. */
  const govern = (ofKey: CallLimits | null, ofProject: CallLimits | null = null): void => {
    const apiKey: PolicyApiKey = {
      id: 'a',
      secretDigest: '',
      principalId: 'm-desk',
      active: true,
      expiresAt: null,
      project: null,
      scopes: null,
      limits: ofKey,
    };
    const project: PolicyProject = { name: 'risk', active: true, tags: [], limits: ofProject };
    policy.current = {
      ...EMPTY_POLICY,
      apiKeys: new Map([['a', apiKey]]),
      projects: new Map([['risk', project]]),
    };
  };
  /** What governance says when the key `b` takes the place of `a`, and `c` that of `b`, all with the limits of `a`. */
  const rotate = (): void => {
    const { apiKeys } = policy.current;
    const first = apiKeys.get('a')!;
    const next = ['b', 'c'].map((id) => [id, { ...first, id, firstKeyId: 'a' }] as const);
    policy.current = { ...policy.current, apiKeys: new Map([...apiKeys, ...next]) };
  };
  return { clock, quotas, allowances: make(), make, govern, rotate };
}
const plan = (limits: object): ModelLimits => ModelLimits.parse(limits);
const codeOf = (run: () => void): string => {
  try {
    run();
    return 'ok';
  } catch (error) {
    return AppError.is(error) ? `${error.code} ${String(error.details['of'])}` : String(error);
  }
};

describe('CallerAllowances', () => {
  it('limits nobody where nobody set a limit', () => {
    const { allowances } = house({});
    const mine = allowances.of(key('a'), MODEL, true, undefined);
    expect(mine).toEqual([]);
    expect(codeOf(() => allowances.takeRequest(mine))).toBe('ok');
    expect(codeOf(() => allowances.takeRows(mine, 1e9))).toBe('ok');
  });

  it('gives each key its own rate, over all models, and says who must wait for how long', () => {
    const { allowances } = house({ caller: { requestsPerSecond: 0.01, burst: 2 } });
    const take = (id: string, name: string) =>
      allowances.takeRequest(allowances.of(key(id), name, true, undefined));
    take('a', MODEL);
    take('a', 'risk.other');
    expect(() => take('a', MODEL)).toThrow(
      /^API key a may ask for 0\.01 requests a second and asks for more\. Try again in \d+ ms\.$/,
    );
    expect(codeOf(() => take('b', MODEL))).toBe('ok');
  });

  it('counts a holder of tokens once, however often he logs in, and apart from a key of that name', () => {
    const { allowances } = house({ caller: { requestsPerSecond: 0.01, burst: 1 } });
    const take = (who: Principal) =>
      codeOf(() => allowances.takeRequest(allowances.of(who, MODEL, true, undefined)));
    expect([take(token('eve', 'first')), take(token('eve', 'second')), take(key('eve'))]).toEqual([
      'ok',
      'INFERENCE.RATE_LIMITED caller',
      'ok',
    ]);
  });

  it('takes from all allowances or from none', () => {
    const settings = { caller: { rowsPerDay: 100 }, projects: { risk: { rowsPerDay: 120 } } };
    const { allowances } = house(settings);
    const rows = (id: string, count: number, name = MODEL) =>
      codeOf(() => allowances.takeRows(allowances.of(key(id), name, true, undefined), count));
    expect(rows('a', 90)).toBe('ok');
    expect(rows('b', 40)).toBe('INFERENCE.QUOTA_USED_UP project');
    // What the project refused was not taken from the key.
    expect(rows('b', 100, 'other.model')).toBe('ok');
    expect(rows('b', 1, 'other.model')).toBe('INFERENCE.QUOTA_USED_UP caller');
    expect(rows('a', 11)).toBe('INFERENCE.QUOTA_USED_UP caller');
  });

  it("holds a model's budget for each caller and for all, follows the plan, and keeps what was used", () => {
    const { allowances } = house({});
    const first = plan({
      caller: { rowsPerDay: 10 },
      callers: { vip: { rowsPerDay: 50 } },
      all: { rowsPerDay: 70 },
    });
    const rows = (id: string, count: number, limits = first) => {
      const mine = allowances.of(key(id), MODEL, true, limits);
      const result = codeOf(() => allowances.takeRows(mine, count));
      return [result, allowances.budgetLeft(mine)];
    };
    expect(rows('a', 8)).toEqual(['ok', 2]);
    expect(rows('a', 3)).toEqual(['INFERENCE.QUOTA_USED_UP caller_of_model', 2]);
    expect(rows('vip', 50)).toEqual(['ok', 0]);
    expect(rows('b', 10)).toEqual(['ok', 0]);
    expect(rows('c', 3)).toEqual(['INFERENCE.QUOTA_USED_UP model', 10]);
    const wider = plan({ caller: { rowsPerDay: 12 } });
    expect(rows('a', 4, wider)).toEqual(['ok', 0]);
  });

  it('says when a used-up budget renews, and that more than the budget never fits', () => {
    const { allowances, clock } = house({});
    const limits = plan({ caller: { rowsPerDay: 10 } });
    const mine = allowances.of(key('a'), MODEL, true, limits);
    allowances.takeRows(mine, 10);
    expect(() => allowances.takeRows(mine, 1)).toThrow(
      'API key a at model risk.approval may ask for 10 rows a day, of which 0 are left, and asks for 1. So many fit again at 2026-01-02T01:00:00.000Z.',
    );
    expect(() => allowances.takeRows(mine, 11)).toThrow('So many never fit into one request.');
    clock.advance(25 * 3_600_000 - 1);
    expect(codeOf(() => allowances.takeRows(mine, 1))).toMatch('QUOTA_USED_UP');
    clock.advance(1);
    expect(codeOf(() => allowances.takeRows(mine, 10))).toBe('ok');
  });

  it('refuses rows of a daily quota until it is known what was used before', () => {
    const { allowances, quotas } = house({ caller: { rowsPerDay: 10 } }, false);
    const mine = allowances.of(key('a'), MODEL, true, undefined);
    expect(codeOf(() => allowances.takeRows(mine, 1))).toMatch('INFERENCE.QUOTA_UNKNOWN');
    quotas.read([{ scope: 'key:a', hour: Math.floor(Date.UTC(2026, 0, 1) / 3_600_000), rows: 9 }]);
    expect(codeOf(() => allowances.takeRows(mine, 2))).toMatch('INFERENCE.QUOTA_USED_UP');
    expect(codeOf(() => allowances.takeRows(mine, 1))).toBe('ok');
  });

  it('holds a rate for several processes that tell each other', () => {
    const { make } = house({ caller: { requestsPerSecond: 0.01, burst: 5 } });
    const [one, other] = [make(), make()];
    const take = (at: CallerAllowances) =>
      codeOf(() => at.takeRequest(at.of(key('a'), MODEL, true, undefined)));
    expect([take(one), take(one), take(other), take(other)]).toEqual(['ok', 'ok', 'ok', 'ok']);
    const [told, alsoTold] = [one.spent(), other.spent()];
    expect(told).toEqual([['key:a', 2, 0]]);
    other.debit(told);
    one.debit(alsoTold);
    // Four of five are spent, and both know.
    expect([take(one), take(one), take(other), take(other)]).toEqual([
      'ok',
      'INFERENCE.RATE_LIMITED caller',
      'ok',
      'INFERENCE.RATE_LIMITED caller',
    ]);
    expect(one.spent()).toEqual([['key:a', 1, 0]]);
    expect(one.spent()).toEqual([]);
  });

  it('has what governance says in place of the installation, from then on, and back when it says nothing', () => {
    const { allowances, govern } = house({});
    const take = (id: string) =>
      codeOf(() => allowances.takeRequest(allowances.of(key(id), MODEL, true, undefined)));
    expect([take('a'), take('a')]).toEqual(['ok', 'ok']);
    govern({ requestsPerSecond: 0.01, burst: 2 });
    expect([take('a'), take('a'), take('a')]).toEqual(['ok', 'ok', 'INFERENCE.RATE_LIMITED caller']);
    // Of this key alone; another change of the policy gives nobody his burst back.
    expect(take('b')).toBe('ok');
    govern({ requestsPerSecond: 0.01, burst: 2 });
    expect(take('a')).toBe('INFERENCE.RATE_LIMITED caller');
    govern(null, { requestsPerSecond: 0.01 });
    expect([take('a'), take('b')]).toEqual(['ok', 'INFERENCE.RATE_LIMITED project']);
    govern(null);
    expect([take('a'), take('b')]).toEqual(['ok', 'ok']);
  });

  it('lets governance give a key more than the installation gives each, and a token nothing of that', () => {
    const { allowances, govern } = house({ caller: { rowsPerDay: 10 }, project: { rowsPerDay: 50 } });
    govern({ rowsPerDay: 100 }, { rowsPerDay: 1_000 });
    const rows = (who: Principal, count: number) =>
      codeOf(() => allowances.takeRows(allowances.of(who, MODEL, true, undefined), count));
    expect([rows(key('a'), 100), rows(key('a'), 1)]).toEqual(['ok', 'INFERENCE.QUOTA_USED_UP caller']);
    expect([rows(key('b'), 11), rows(token('a', 'x'), 11)]).toEqual([
      'INFERENCE.QUOTA_USED_UP caller',
      'INFERENCE.QUOTA_USED_UP caller',
    ]);
  });

  it('goes on with what was used when a key takes the place of another, over all models and at each', () => {
    const { allowances, govern, rotate } = house({});
    const limits = plan({ caller: { rowsPerDay: 30 }, callers: { a: { rowsPerDay: 60 } } });
    const rows = (id: string, count: number) =>
      codeOf(() => allowances.takeRows(allowances.of(key(id), MODEL, true, limits), count));
    govern({ rowsPerDay: 50 });
    expect(rows('a', 40)).toBe('ok');
    rotate();
    expect(rows('b', 11)).toBe('INFERENCE.QUOTA_USED_UP caller');
    expect(rows('b', 5)).toBe('ok');
    // Also the one before it, while both hold; and the one after it.
    expect(rows('a', 6)).toBe('INFERENCE.QUOTA_USED_UP caller');
    expect(rows('c', 6)).toBe('INFERENCE.QUOTA_USED_UP caller');
    govern({ rowsPerDay: 100 });
    rotate();
    // The plan names the first of them: 45 of 60 are used at this model.
    expect(rows('c', 16)).toBe('INFERENCE.QUOTA_USED_UP caller_of_model');
    expect(rows('c', 15)).toBe('ok');
    expect(rows('other', 30)).toBe('ok');
    expect(() => allowances.takeRows(allowances.of(key('c'), MODEL, true, limits), 1)).toThrow(
      'API key a at model risk.approval may ask for 60 rows a day',
    );
  });

  it('has the installation’s limits of a key for the one in its place, unless it names that too', () => {
    const { allowances, govern, rotate } = house({
      callers: { a: { rowsPerDay: 10 }, c: { rowsPerDay: 20 } },
    });
    govern(null);
    rotate();
    const rows = (id: string, count: number) =>
      codeOf(() => allowances.takeRows(allowances.of(key(id), MODEL, true, undefined), count));
    expect(rows('b', 11)).toBe('INFERENCE.QUOTA_USED_UP caller');
    expect(rows('c', 20)).toBe('ok');
  });

  it('lets so many requests be answered at a time, and the next one when one of them has ended', () => {
    const { allowances, govern } = house({});
    govern({ concurrentRequests: 2 });
    const mine = allowances.of(key('a'), MODEL, true, undefined);
    allowances.takeRequest(mine);
    allowances.takeRequest(mine);
    expect(() => allowances.takeRequest(mine)).toThrow(
      'API key a may have 2 requests answered at a time and has as many. Try again when one of them is answered.',
    );
    allowances.leave(mine);
    allowances.takeRequest(mine);
    // What is in hand stays so under another limit.
    govern({ concurrentRequests: 1 });
    const tighter = allowances.of(key('a'), MODEL, true, undefined);
    expect(codeOf(() => allowances.takeRequest(tighter))).toBe('INFERENCE.RATE_LIMITED caller');
    allowances.leave(mine);
    allowances.leave(mine);
    expect(codeOf(() => allowances.takeRequest(tighter))).toBe('ok');
  });

  it.each([
    ['no JSON', '{', 'it is not JSON'],
    ['an unknown limit', '{"caller": {"rows": 1}}', 'caller'],
    ['a limit of nothing', '{"caller": {}}', 'must name'],
    ['a burst of nothing', '{"caller": {"rowsPerDay": 5, "burst": 3}}', 'burst belongs to'],
  ])('refuses settings with %s', (_, text, why) => {
    expect(() => new LimitSettings(text)).toThrow(why);
  });
});
