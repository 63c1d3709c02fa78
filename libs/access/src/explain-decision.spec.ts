import { buildAbility, allows } from './ability';
import type { Action, Subject } from './actions';
import { explainDecision, withinScopes } from './explain-decision';
import type { PolicyRole, PolicyRule } from './policy';
import { ruleFaults } from './rule-faults';

const role = (...rules: PolicyRule[]): ReadonlyMap<string, PolicyRole> =>
  new Map([['r', { name: 'r', version: 1, rules }]]);
const bindings = [{ role: 'r', project: 'lending' }];
const ask = (
  rules: ReadonlyMap<string, PolicyRole>,
  action: Action,
  subject: Subject,
  object: Record<string, unknown>,
) => {
  const explained = explainDecision({ id: 'eve', roles: bindings }, rules, action, subject, {
    project: 'lending',
    ...object,
  });
  // What is explained is what every service decides.
  const ability = buildAbility(bindings, rules, 'eve');
  expect(explained.allowed).toBe(allows(ability, action, subject, { project: 'lending', ...object }));
  return explained;
};

const NOT_CHAMPION = role({
  action: ['update'],
  subject: ['ModelAlias'],
  conditions: { alias: { $ne: 'champion' } },
});

describe('"may set aliases, but not champion"', () => {
  it('as a permission with an exception', () => {
    expect(ask(NOT_CHAMPION, 'update', 'ModelAlias', { alias: 'staging' })).toMatchObject({
      allowed: true,
      because:
        'Role r, held in project lending, permits update ModelAlias where alias is not champion and project is lending.',
    });
    const refused = ask(NOT_CHAMPION, 'update', 'ModelAlias', { alias: 'champion' });
    expect(refused).toMatchObject({ allowed: false, rules: [{ matched: false }] });
    expect(refused.because).toContain('this rule does not apply, because alias is champion');
    expect(refused.rules[0]!.failed).toEqual([
      { field: 'alias', operator: '$ne', expected: 'champion', actual: 'champion', holds: false },
    ]);
  });

  it('as a prohibition beside a permission', () => {
    const rules = role(
      { action: ['update'], subject: ['ModelAlias'] },
      { action: ['update'], subject: ['ModelAlias'], conditions: { alias: 'champion' }, inverted: true },
    );
    expect(ask(rules, 'update', 'ModelAlias', { alias: 'staging' }).allowed).toBe(true);
    expect(ask(rules, 'update', 'ModelAlias', { alias: 'champion' })).toMatchObject({
      allowed: false,
      because: expect.stringContaining('forbids update ModelAlias where alias is champion'),
    });
    // An entry that does not know the alias must not let it pass.
    expect(ask(rules, 'update', 'ModelAlias', {})).toMatchObject({
      allowed: false,
      because: expect.stringContaining('holds to be safe, because alias is not known here'),
    });
  });

  it('fails closed where the alias is not known, and is left open for a handler that knows it', () => {
    expect(ask(NOT_CHAMPION, 'update', 'ModelAlias', {}).allowed).toBe(false);
    const ability = buildAbility(bindings, NOT_CHAMPION, 'eve');
    expect(allows(ability, 'update', 'ModelAlias', { project: 'lending' }, 'open')).toBe(true);
    expect(allows(ability, 'update', 'ModelAlias', { project: 'other' }, 'open')).toBe(false);
  });
});

describe('conditions', () => {
  it('know one’s own objects', () => {
    const own = role({ action: ['update'], subject: ['Run'], conditions: { createdBy: '$self' } });
    expect(ask(own, 'update', 'Run', { createdBy: 'eve' }).allowed).toBe(true);
    expect(ask(own, 'update', 'Run', { createdBy: 'mallory' }).allowed).toBe(false);
    expect(ask(own, 'update', 'Run', { createdBy: '$self' }).allowed).toBe(false);
  });

  it('compare each of several tags, as CASL does', () => {
    const tagged = (condition: unknown) =>
      role({ action: ['read'], subject: ['Run'], conditions: { tags: condition } });
    const cases: [unknown, boolean, boolean][] = [
      ['risky', true, false],
      [{ $in: ['risky', 'other'] }, true, false],
      [{ $ne: 'risky' }, false, true],
      [{ $nin: ['risky'] }, false, true],
    ];
    for (const [condition, risky, plain] of cases) {
      expect(ask(tagged(condition), 'read', 'Run', { tags: ['risky', 'big'] }).allowed).toBe(risky);
      expect(ask(tagged(condition), 'read', 'Run', { tags: [] }).allowed).toBe(plain);
    }
  });
});

describe('an explanation of no', () => {
  it('says that no role is held, that none speaks of it, and that a key is not for it', () => {
    const nobody = explainDecision({ id: 'eve', roles: [] }, role(), 'read', 'Run', { project: 'p' });
    expect(nobody).toEqual({
      allowed: false,
      because: 'No role is held, so nothing permits read Run.',
      rules: [],
    });
    expect(ask(role(), 'read', 'Run', {}).because).toBe(
      'No rule of the roles held (r) (r: no rules here) speaks of read Run.',
    );
    const asker = { id: 'eve', roles: bindings, scopes: [{ action: ['predict'], subject: ['all'] }] };
    const scoped = explainDecision(asker, NOT_CHAMPION, 'update', 'ModelAlias', {
      project: 'lending',
      alias: 'a',
    });
    expect(scoped).toMatchObject({
      allowed: false,
      because: expect.stringContaining('The API key is not for'),
    });
  });

  it('knows scopes by action and subject together', () => {
    const scopes = [
      { action: ['predict'], subject: ['Deployment'] },
      { action: ['manage'], subject: ['Outcome'] },
    ];
    expect(withinScopes(scopes, 'predict', 'Deployment')).toBe(true);
    expect(withinScopes(scopes, 'record', 'Outcome')).toBe(true);
    expect(withinScopes(scopes, 'read', 'Deployment')).toBe(false);
    expect(withinScopes(scopes, 'predict', 'Outcome')).toBe(true);
    expect(withinScopes([], 'read', 'Run')).toBe(false);
    expect(withinScopes(null, 'read', 'Run')).toBe(true);
  });
});

describe('rules that somebody writes', () => {
  const faults = (rule: unknown) => ruleFaults([rule as PolicyRule]);

  it('pass where they name what there is', () => {
    expect(
      faults({
        action: ['update'],
        subject: ['ModelAlias'],
        conditions: { alias: { $nin: ['champion'] }, tags: 'risky', project: { $ne: 'lending' } },
      }),
    ).toEqual([]);
    expect(faults({ action: ['read'], subject: ['all'] })).toEqual([]);
    expect(faults({ action: ['update'], subject: ['User'], inverted: true })).toEqual([]);
  });

  it.each([
    [{ action: ['fly'], subject: ['Run'] }, 'there is no action fly'],
    [{ action: ['read'], subject: ['Moon'] }, 'there is no subject Moon'],
    [{ action: [], subject: [] }, 'it names no action'],
    [{ action: ['read'], subject: ['Run'], conditions: { alias: 'x' } }, 'Run has no field alias'],
    [
      { action: ['read'], subject: ['Run'], conditions: { createdBy: { $regex: '(a+)+' } } },
      '$regex on createdBy',
    ],
    [
      { action: ['read'], subject: ['Run'], conditions: { createdBy: { $in: 'eve' } } },
      'needs a list of texts',
    ],
    [{ action: ['read'], subject: ['Run'], conditions: { createdBy: { $eq: ['eve'] } } }, 'needs one text'],
    [
      { action: ['read'], subject: ['Run'], conditions: { createdBy: ['eve'] } },
      'must be a text or operators',
    ],
    [{ action: ['update'], subject: ['User'] }, 'Only the built-in role administrator may'],
    [{ action: ['manage'], subject: ['all'] }, 'Only the built-in role administrator may'],
  ])('are refused with a sentence: %j', (rule, sentence) => {
    expect(faults(rule).join(' ')).toContain(sentence);
  });
});
