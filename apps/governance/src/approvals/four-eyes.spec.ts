import { distinctVoices, standingOf, type Delegation } from './delegated-standing';
import { policyExclusions, refusalOf, type Account, type FourEyes, type Grant } from './four-eyes';

const day = (n: number): string => `2026-01-${String(n).padStart(2, '0')}T00:00:00.000Z`;
const OPENED = day(10);

const grant = (grantedBy: string, at: number, rest: Partial<Grant> = {}): Grant => ({
  role: 'approver',
  project: null,
  grantedBy,
  grantedAt: day(at),
  revokedAt: null,
  ...rest,
});
const account = (id: string, grants: Grant[], rest: Partial<Account> = {}): Account => ({
  id,
  kind: 'person',
  active: true,
  createdBy: 'root',
  createdAt: day(2),
  grants,
  ...rest,
});
const ROOT = account('root', [grant('governance', 1, { role: 'administrator' })], {
  createdBy: 'governance',
});
const GOVERNANCE = account('governance', [], { kind: 'service', createdBy: 'governance' });
const facts = (rest: Partial<FourEyes> = {}): FourEyes => ({
  project: 'lending',
  openedAt: OPENED,
  roles: ['approver'],
  excluded: [{ person: 'engineer', because: 'started_run' }],
  policyChanges: [],
  ...rest,
});
const judge = (who: string, accounts: Account[], rest: Partial<FourEyes> = {}): string | null =>
  refusalOf(facts(rest), who, new Map([ROOT, GOVERNANCE, ...accounts].map((one) => [one.id, one])))?.code ??
  null;

describe('refusalOf', () => {
  it('lets a person approve who has held the role since before, from clean hands', () => {
    expect(judge('ann', [account('ann', [grant('root', 3)])])).toBeNull();
    expect(judge('ann', [account('ann', [grant('root', 3, { project: 'lending' })])])).toBeNull();
  });

  const EVE = account('engineer', [grant('root', 2, { role: 'administrator' }), grant('root', 2)]);
  const cases: [string, string, Account[], string][] = [
    ['somebody unknown', 'ghost', [], 'NOT_A_PERSON'],
    ['a machine', 'bot', [account('bot', [grant('root', 3)], { kind: 'machine' })], 'NOT_A_PERSON'],
    ['a service', 'training', [account('training', [grant('root', 3)], { kind: 'service' })], 'NOT_A_PERSON'],
    ['a disabled account', 'ann', [account('ann', [grant('root', 3)], { active: false })], 'DISABLED'],
    ['who started the run', 'engineer', [EVE], 'EXCLUDED'],
    ['who holds no role', 'ann', [account('ann', [])], 'NO_ROLE'],
    ['who holds another role', 'ann', [account('ann', [grant('root', 3, { role: 'auditor' })])], 'NO_ROLE'],
    ['who holds it elsewhere', 'ann', [account('ann', [grant('root', 3, { project: 'other' })])], 'NO_ROLE'],
    [
      'whose role was taken back',
      'ann',
      [account('ann', [grant('root', 3, { revokedAt: day(4) })])],
      'NO_ROLE',
    ],
    ['a role given meanwhile', 'ann', [account('ann', [grant('root', 11)])], 'ROLE_TOO_NEW'],
    ['a role given at the very moment', 'ann', [account('ann', [grant('root', 10)])], 'ROLE_TOO_NEW'],
    [
      'a role from an excluded person',
      'ann',
      [EVE, account('ann', [grant('engineer', 3)])],
      'ROLE_FROM_EXCLUDED',
    ],
    ['a role from oneself', 'root2', [account('root2', [grant('root2', 3)])], 'ROLE_FROM_EXCLUDED'],
    [
      'an account from an excluded person, with a role from clean hands',
      'ann',
      [EVE, account('ann', [grant('root', 5)], { createdBy: 'engineer' })],
      'ACCOUNT_FROM_EXCLUDED',
    ],
    [
      'a role by way of a new account of an excluded person',
      'ann',
      [
        EVE,
        account('sock', [grant('engineer', 3, { role: 'administrator' })], { createdBy: 'engineer' }),
        account('ann', [grant('sock', 4)]),
      ],
      'ROLE_FROM_EXCLUDED',
    ],
    [
      'a role by way of somebody whom an excluded person raised, and put down again',
      'ann',
      [
        EVE,
        account('bob', [grant('engineer', 3, { role: 'administrator', revokedAt: day(5) })]),
        account('ann', [grant('bob', 4)]),
      ],
      'ROLE_FROM_EXCLUDED',
    ],
  ];
  it.each(cases)('refuses %s', (_, who, accounts, code) => {
    expect(judge(who, accounts)).toBe(code);
  });

  it('counts a clean grant beside a tainted one', () => {
    expect(judge('ann', [EVE, account('ann', [grant('engineer', 3), grant('root', 4)])])).toBeNull();
  });

  it('excludes who changed the policy, and what they gave from then on, but not what they gave before', () => {
    const policyChanges = [{ person: 'root', at: day(5) }];
    expect(judge('root', [], { policyChanges })).toBe('EXCLUDED');
    expect(judge('ann', [account('ann', [grant('root', 3)])], { policyChanges })).toBeNull();
    expect(judge('ann', [account('ann', [grant('root', 6)])], { policyChanges })).toBe('ROLE_FROM_EXCLUDED');
    const late = account('ann', [grant('root', 6)], { createdAt: day(6) });
    expect(judge('ann', [late], { policyChanges })).toBe('ACCOUNT_FROM_EXCLUDED');
  });

  it('ends on accounts that made each other', () => {
    const [a, b] = [account('a', [], { createdBy: 'b' }), account('b', [], { createdBy: 'a' })];
    expect(judge('ann', [a, b, account('ann', [grant('a', 3)])])).toBeNull();
  });
});

describe('policyExclusions', () => {
  const changes = [
    { person: 'ann', at: day(1) },
    { person: 'bob', at: day(4) },
    { person: 'cid', at: day(6) },
  ];
  const people = (last: string | null) => policyExclusions(changes, last).map(({ person }) => person);

  it('names who changed the policy last, and everybody since the last approval', () => {
    expect(people(null)).toEqual(['ann', 'bob', 'cid']);
    expect(people(day(3))).toEqual(['bob', 'cid']);
    expect(people(day(9))).toEqual(['cid']);
    expect(policyExclusions([], null)).toEqual([]);
  });
});

describe('standingOf', () => {
  const delegation = (from: string, to: string, rest: Partial<Delegation> = {}): Delegation => ({
    id: `${from}-${to}`,
    from,
    to,
    startsAt: day(5),
    endsAt: day(20),
    createdAt: day(4),
    revokedAt: null,
    ...rest,
  });
  const EVE = account('engineer', [grant('root', 2, { role: 'administrator' }), grant('root', 2)]);
  const ANN = account('ann', [grant('root', 3)]);
  const BOB = account('bob', []);
  const CID = account('cid', []);
  const standing = (who: string, accounts: Account[], delegations: Delegation[], at = day(12)) =>
    standingOf(
      facts(),
      delegations,
      who,
      at,
      new Map([ROOT, GOVERNANCE, EVE, ...accounts].map((one) => [one.id, one])),
    );

  it('lets a delegate decide for a person whose own word counts, within the period', () => {
    expect(standing('bob', [ANN, BOB], [delegation('ann', 'bob')])).toEqual({
      authorities: ['ann'],
      refusal: null,
    });
  });

  it('has who counts by a role of his own stand for himself, whatever was delegated to him', () => {
    const bob = account('bob', [grant('root', 3)]);
    expect(standing('bob', [ANN, bob], [delegation('ann', 'bob')]).authorities).toEqual(['bob']);
  });

  const bobs: [string, Account[], Delegation[], string?][] = [
    ['one that was taken back', [ANN, BOB], [delegation('ann', 'bob', { revokedAt: day(6) })]],
    ['one that has not begun', [ANN, BOB], [delegation('ann', 'bob')], day(4)],
    ['one that is over', [ANN, BOB], [delegation('ann', 'bob')], day(20)],
    ['one made after the request was opened', [ANN, BOB], [delegation('ann', 'bob', { createdAt: day(11) })]],
    ['one made at that very moment', [ANN, BOB], [delegation('ann', 'bob', { createdAt: OPENED })]],
    ['one from who stands behind the request', [BOB], [delegation('engineer', 'bob')]],
    ['one from who holds no role', [CID, BOB], [delegation('cid', 'bob')]],
    [
      'one from who has the role from an excluded person',
      [account('ann', [grant('engineer', 3)]), BOB],
      [delegation('ann', 'bob')],
    ],
    [
      'one from who was disabled',
      [account('ann', [grant('root', 3)], { active: false }), BOB],
      [delegation('ann', 'bob')],
    ],
    ['one that was itself delegated', [ANN, CID, BOB], [delegation('ann', 'cid'), delegation('cid', 'bob')]],
    ['one to oneself', [BOB], [delegation('bob', 'bob')]],
  ];
  it.each(bobs)('does not count %s', (...[, accounts, delegations, at]) => {
    const { authorities, refusal } = standing('bob', accounts, delegations, at);
    expect(authorities).toEqual([]);
    expect(['DELEGATION_VOID', 'NO_ROLE']).toContain(refusal?.code);
  });

  it('makes up neither for standing behind the request nor for an account from unclean hands', () => {
    expect(standing('engineer', [ANN], [delegation('ann', 'engineer')]).refusal?.code).toBe('EXCLUDED');
    const sock = account('bob', [], { createdBy: 'engineer' });
    expect(standing('bob', [ANN, sock], [delegation('ann', 'bob')]).refusal?.code).toBe(
      'ACCOUNT_FROM_EXCLUDED',
    );
    const gone = account('bob', [], { active: false });
    expect(standing('bob', [ANN, gone], [delegation('ann', 'bob')]).refusal?.code).toBe('DISABLED');
    const robot = account('bob', [], { kind: 'machine' });
    expect(standing('bob', [ANN, robot], [delegation('ann', 'bob')]).refusal?.code).toBe('NOT_A_PERSON');
  });
});

describe('distinctVoices', () => {
  const people = (...voices: [string, ...string[]][]) =>
    distinctVoices(voices.map(([person, ...authorities]) => ({ person, authorities }))).map(
      ({ person }) => person,
    );

  it('counts a delegate and who delegated to him as one', () => {
    expect(people(['ann', 'ann'], ['bob', 'ann'])).toEqual(['ann']);
    expect(people(['ann', 'ann'], ['bob', 'bob'])).toEqual(['ann', 'bob']);
  });

  it('counts a person once, whoever delegated to him', () => {
    expect(people(['bob', 'ann', 'cid'])).toEqual(['bob']);
    expect(people(['bob', 'ann'], ['bob', 'cid'])).toHaveLength(1);
  });

  it('finds for each the authority that leaves room for the others', () => {
    expect(people(['bob', 'ann', 'cid'], ['dan', 'ann'])).toEqual(['bob', 'dan']);
    expect(people(['bob', 'ann', 'cid'], ['dan', 'ann'], ['eli', 'cid'])).toHaveLength(2);
  });
});
