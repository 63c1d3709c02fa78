import { generateKeyPairSync } from 'node:crypto';
import { AppError, FixedClock } from '@steward/kernel';
import type { Action, Subject } from './actions';
import { InMemoryPolicyStore } from './in-memory-policy.store';
import { PolicyAccess } from './policy-access';
import { PolicyCache } from './policy-cache';
import type { Caller } from './caller';

const clock = new FixedClock();
let store: InMemoryPolicyStore;
let cache: PolicyCache;
let access: PolicyAccess;

beforeEach(() => {
  store = new InMemoryPolicyStore(() => clock.now());
  cache = new PolicyCache(store, clock);
  access = new PolicyAccess(cache, clock);
  store.addProjects('lending');
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: AppError) => error.code,
  );
const authenticate = async (credential: string | undefined): Promise<string> => {
  await cache.refresh();
  return codeOf(access.authenticate(credential));
};

describe('tokens', () => {
  let bearer: string;
  beforeEach(() => {
    bearer = store.addPrincipal('eve', [{ role: 'ml-engineer', project: 'lending' }]);
  });

  it('become the principal with the roles of the policy', async () => {
    await cache.refresh();
    await expect(access.authenticate(bearer)).resolves.toMatchObject({
      id: 'eve',
      kind: 'person',
      roles: [{ role: 'ml-engineer', project: 'lending' }],
      credential: { kind: 'token' },
    });
  });

  it('are refused after their time, also when they were verified before', async () => {
    expect(await authenticate(bearer)).toBe('accepted');
    clock.advance(605_001);
    expect(await authenticate(bearer)).toBe('ACCESS.TOKEN_EXPIRED');
  });

  it('are refused when they were made before the principal’s bound', async () => {
    expect(await authenticate(bearer)).toBe('accepted');
    store.addPrincipal('eve', [], { tokensNotBefore: clock.now() + 1000 });
    expect(await authenticate(bearer)).toBe('ACCESS.TOKEN_REVOKED');
  });

  it('are refused when the principal is disabled or unknown', async () => {
    expect(await authenticate(`Bearer ${store.token('nobody')}`)).toBe('ACCESS.PRINCIPAL_UNKNOWN');
    store.addPrincipal('eve', [], { active: false });
    expect(await authenticate(bearer)).toBe('ACCESS.PRINCIPAL_DISABLED');
  });

  it('are refused when their key is retired, though it was used before', async () => {
    expect(await authenticate(bearer)).toBe('accepted');
    const key = cache.current.signingKeys.get('key-1')!;
    store.put({ kind: 'signing-key', value: { ...key, active: false } });
    expect(await authenticate(bearer)).toBe('ACCESS.TOKEN_KEY_RETIRED');
  });

  it.each([
    ['another issuer', { iss: 'evil' }, {}, 'ACCESS.TOKEN_FOREIGN'],
    ['another audience', { aud: 'evil' }, {}, 'ACCESS.TOKEN_FOREIGN'],
    ['no id', { jti: undefined }, {}, 'ACCESS.TOKEN_FOREIGN'],
    ['no expiry', { exp: undefined }, {}, 'ACCESS.TOKEN_FOREIGN'],
    ['a start in the future', { nbf: 4_000_000_000 }, {}, 'ACCESS.TOKEN_NOT_YET_VALID'],
    ['an unknown key', {}, { kid: 'key-2' }, 'ACCESS.TOKEN_KEY_UNKNOWN'],
    ['no signature algorithm', {}, { alg: 'none' }, 'ACCESS.TOKEN_ALGORITHM'],
    ['a symmetric algorithm', {}, { alg: 'HS256' }, 'ACCESS.TOKEN_ALGORITHM'],
  ])('with %s are refused', async (_name, claims, header, code) => {
    expect(await authenticate(`Bearer ${store.token('eve', claims, header)}`)).toBe(code);
  });

  it('signed by another key, or changed, are refused', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(await authenticate(`Bearer ${store.token('eve', {}, {}, privateKey)}`)).toBe(
      'ACCESS.TOKEN_SIGNATURE',
    );
    const [head, , signature] = store.token('eve').split('.');
    const body = Buffer.from(JSON.stringify({ sub: 'root' })).toString('base64url');
    expect(await authenticate(`Bearer ${head}.${body}.${signature}`)).toBe('ACCESS.TOKEN_SIGNATURE');
  });

  it.each([undefined, '', '   ', 'Basic ZTp4', 'Bearer', 'Bearer a b', 'a'.repeat(10_000)])(
    'that are none (%#) are refused as such',
    async (credential) => {
      expect(await authenticate(credential)).toMatch(/^ACCESS\.(CREDENTIAL_MISSING|TOKEN_MALFORMED)$/);
    },
  );
});

describe('API keys', () => {
  beforeEach(() => {
    store.addPrincipal(
      'robot',
      [
        { role: 'service', project: null },
        { role: 'auditor', project: 'flights' },
      ],
      { kind: 'machine' },
    );
  });

  it('narrow the holder’s roles to their project', async () => {
    const key = store.addApiKey('robot', { project: 'lending' });
    await cache.refresh();
    const principal = await access.authenticate(key);
    expect(principal.roles).toEqual([{ role: 'service', project: 'lending' }]);
    expect(access.can(principal, 'predict', 'Deployment', { project: 'lending' })).toBe(true);
    expect(access.can(principal, 'predict', 'Deployment', { project: 'flights' })).toBe(false);
    expect(access.can(principal, 'read', 'AuditEntry', { project: 'flights' })).toBe(false);
  });

  it('carry no more than their scopes, and no more than their holder may', async () => {
    store.addPrincipal('scoped', [{ role: 'ml-engineer', project: 'lending' }], { kind: 'machine' });
    const scopes = [
      { action: ['read'], subject: ['Run'] },
      { action: ['manage'], subject: ['ModelAlias', 'User'] },
    ];
    const key = store.addApiKey('scoped', { scopes });
    await cache.refresh();
    const principal = await access.authenticate(key);
    const may = (action: Action, subject: Subject, project: string | null = 'lending') =>
      access.can(principal, action, subject, { project });
    expect(may('read', 'Run')).toBe(true);
    expect(may('update', 'ModelAlias')).toBe(true);
    expect(may('read', 'Run', 'other')).toBe(false);
    // The holder may, the key may not; and the other way round.
    expect(may('run', 'Pipeline')).toBe(false);
    expect(may('update', 'User')).toBe(false);
  });

  it('are refused when revoked, expired, unknown, cut or of a disabled holder', async () => {
    expect(await authenticate(store.addApiKey('robot', { active: false }))).toBe('ACCESS.API_KEY_REVOKED');
    expect(await authenticate(store.addApiKey('robot', { expiresAt: clock.now() }))).toBe(
      'ACCESS.API_KEY_EXPIRED',
    );
    const key = store.addApiKey('robot');
    expect(await authenticate(`Bearer ${key}`)).toBe('accepted');
    const other = key.endsWith('A') ? 'B' : 'A';
    expect(await authenticate(key.slice(0, -1) + other)).toBe('ACCESS.API_KEY_UNKNOWN');
    expect(await authenticate(key.slice(0, -1))).toBe('ACCESS.API_KEY_UNKNOWN');
    store.addPrincipal('robot', [], { active: false });
    expect(await authenticate(key)).toBe('ACCESS.PRINCIPAL_DISABLED');
  });
});

describe('require', () => {
  const caller = async (credential: string): Promise<Caller> => {
    await cache.refresh();
    return {
      principal: await access.authenticate(credential),
      correlation: 'c',
      project: null,
      address: null,
    };
  };
  const attempt = (who: Caller, action: Action, subject: Subject, project: string | null): string => {
    try {
      access.require(who, action, subject, { project });
      return 'allowed';
    } catch (error) {
      return (error as AppError).code;
    }
  };

  it('says forbidden to who may read, not found to who may not', async () => {
    const ann = await caller(store.addPrincipal('ann', [{ role: 'approver', project: 'lending' }]));
    expect(attempt(ann, 'approve', 'ApprovalRequest', 'lending')).toBe('allowed');
    expect(attempt(ann, 'update', 'ApprovalRequest', 'lending')).toBe('ACCESS.FORBIDDEN');
    expect(attempt(ann, 'read', 'ApprovalRequest', 'flights')).toBe('ACCESS.NOT_FOUND');
    expect(attempt(ann, 'read', 'Quarantine', 'lending')).toBe('ACCESS.NOT_FOUND');
    expect(attempt(ann, 'create', 'Project', null)).toBe('ACCESS.FORBIDDEN');
  });

  it('tells with a refusal what was asked, and no more of what is hidden than of what there is not', async () => {
    const ann = await caller(store.addPrincipal('amy', [{ role: 'approver', project: 'lending' }]));
    const told = (work: () => void): unknown => {
      try {
        work();
      } catch (error) {
        return AppError.is(error) && [error.code, error.message, error.details];
      }
      return null;
    };
    const object = { project: 'lending', alias: 'champion' };
    expect(told(() => access.require(ann, 'update', 'ModelAlias', object))).toEqual([
      'ACCESS.FORBIDDEN',
      'You may not update this (ModelAlias).',
      { action: 'update', subject: 'ModelAlias', object },
    ]);
    const details = { action: 'read', subject: 'Quarantine' };
    const hidden = (project: string) => [
      'ACCESS.NOT_FOUND',
      `There is no such thing in project ${project}.`,
      { ...details, object: { project } },
    ];
    const secret = { project: 'lending', dataset: 'secret' };
    expect(told(() => access.require(ann, 'read', 'Quarantine', secret))).toEqual(hidden('lending'));
    expect(told(() => access.requireProject('nowhere', 'read', 'Quarantine'))).toEqual(hidden('nowhere'));
  });

  it('follows a change of roles at the next look', async () => {
    const bearer = store.addPrincipal('bob', []);
    expect(attempt(await caller(bearer), 'run', 'Pipeline', 'lending')).toBe('ACCESS.NOT_FOUND');
    store.addPrincipal('bob', [{ role: 'ml-engineer', project: 'lending' }]);
    expect(attempt(await caller(bearer), 'run', 'Pipeline', 'lending')).toBe('allowed');
    const rules = [{ action: ['read'], subject: ['Pipeline'] }];
    store.put({ kind: 'role', value: { name: 'ml-engineer', version: 2, rules } });
    expect(attempt(await caller(bearer), 'run', 'Pipeline', 'lending')).toBe('ACCESS.FORBIDDEN');
  });

  it('opens entries over all projects to who may in one, and no other', async () => {
    const eve = await caller(store.addPrincipal('eve', [{ role: 'ml-engineer', project: 'lending' }]));
    expect(() => access.requireSomewhere(eve, 'read', 'Run')).not.toThrow();
    expect(() => access.requireSomewhere(eve, 'read', 'User')).toThrow('may not read');
  });

  it('knows projects: unknown ones are not there, archived ones can only be read', async () => {
    store.put({ kind: 'project', value: { name: 'old', active: false, tags: [] } });
    await cache.refresh();
    expect(() => access.requireProject('lending', 'run', 'Run')).not.toThrow();
    expect(() => access.requireProject('old', 'read', 'Run')).not.toThrow();
    expect(() => access.requireProject('old', 'run', 'Run')).toThrow('archived');
    expect(() => access.requireProject('nowhere', 'read', 'Run')).toThrow('no such thing');
  });
});

describe('tags of single things, and the environment', () => {
  const tagged = (...objects: { kind: 'dataset' | 'pipeline' | 'model'; name: string; tags: string[] }[]) =>
    store.put({ kind: 'project', value: { name: 'lending', active: true, tags: ['eu'], objects } });
  const holder = async (...rules: object[]) => {
    store.put({ kind: 'role', value: { name: 'own', version: 1, rules: rules as never } });
    const bearer = store.addPrincipal('olga', [{ role: 'own', project: 'lending' }]);
    await cache.refresh();
    return access.authenticate(bearer);
  };
  const credit = { action: ['read'], subject: ['Model', 'Dataset', 'Run'], conditions: { tags: 'credit' } };
  const notRisky = { action: ['read'], subject: ['Model', 'Run'], conditions: { tags: { $ne: 'risky' } } };

  it('count beside those of the project, for what names the thing', async () => {
    tagged(
      { kind: 'model', name: 'approval', tags: ['credit'] },
      { kind: 'dataset', name: 'approval', tags: ['other'] },
    );
    const olga = await holder(credit);
    const can = (subject: Subject, object: object) =>
      access.can(olga, 'read', subject, { project: 'lending', ...object });
    expect(can('Model', { model: 'approval' })).toBe(true);
    expect(can('Model', { model: 'pricing' })).toBe(false);
    expect(can('Dataset', { dataset: 'approval' })).toBe(false);
    expect(can('Run', { pipeline: 'approval' })).toBe(false);
    tagged({ kind: 'pipeline', name: 'approval', tags: ['credit'] });
    await cache.refresh();
    expect(can('Run', { pipeline: 'approval' })).toBe(true);
    expect(can('Model', { model: 'approval' })).toBe(false);
  });

  it('count against the caller where it is not said which thing it is; the project’s own where nothing is tagged', async () => {
    tagged({ kind: 'model', name: 'approval', tags: ['risky'] });
    const olga = await holder(notRisky);
    const can = (subject: Subject, object: object) =>
      access.can(olga, 'read', subject, { project: 'lending', ...object });
    expect(can('Model', {})).toBe(false);
    expect(can('Model', { model: 'pricing' })).toBe(true);
    expect(can('Model', { model: 'approval' })).toBe(false);
    // No pipeline carries tags: those of the project are all there are.
    expect(can('Run', {})).toBe(true);
    tagged();
    await cache.refresh();
    expect(can('Model', {})).toBe(true);
  });

  it('stand for aliases and deployments alone, and are unknown until governance was heard', async () => {
    const olga = await holder({
      action: ['update'],
      subject: ['ModelAlias', 'Deployment'],
      conditions: { environment: { $ne: 'production' } },
    });
    const can = (subject: Subject) =>
      access.can(olga, 'update', subject, { project: 'lending', model: 'approval', alias: 'champion' });
    expect([can('ModelAlias'), can('Deployment')]).toEqual([false, false]);
    store.moveTo('staging');
    await cache.refresh();
    expect([can('ModelAlias'), can('Deployment')]).toEqual([true, true]);
    store.moveTo(null);
    await cache.refresh();
    expect([can('ModelAlias'), can('Deployment')]).toEqual([false, false]);
  });
});

describe('a stale policy', () => {
  const MINUTE = 60_000;
  const everything: readonly { role: string; project: null }[] = [
    'administrator',
    'data-engineer',
    'ml-engineer',
    'approver',
    'service',
  ].map((role) => ({ role, project: null }));

  const attempts: readonly [Action, Subject, 'goes on' | 'stops'][] = [
    ['predict', 'Deployment', 'goes on'],
    ['read', 'Run', 'goes on'],
    ['run', 'Pipeline', 'stops'],
    ['record', 'Outcome', 'stops'],
    ['approve', 'ApprovalRequest', 'stops'],
    ['read', 'Quarantine', 'stops'],
    ['read', 'Prediction', 'stops'],
    ['resolve', 'DataSubject', 'stops'],
    ['read', 'User', 'stops'],
  ];
  const tryAll = async (bearer: string) => {
    const principal = await access.authenticate(bearer);
    const who: Caller = { principal, correlation: 'c', project: 'lending', address: null };
    return attempts.map(([action, subject]) => {
      try {
        access.require(who, action, subject, { project: 'lending' });
        return 'goes on';
      } catch (error) {
        expect(error).toMatchObject({ code: 'ACCESS.POLICY_STALE', kind: 'unavailable' });
        return 'stops';
      }
    });
  };
  const silentFor = async (millis: number) => {
    store.heartbeatAt = clock.now() - millis;
    await cache.refresh();
  };

  it('changes nothing for 60 s', async () => {
    const bearer = store.addPrincipal('eve', everything);
    await silentFor(MINUTE);
    expect(await tryAll(bearer)).toEqual(attempts.map(() => 'goes on'));
  });

  it('then stops changes and personal data, and lets predictions and other reads go on', async () => {
    const token = store.token('eve', { iat: Math.floor(clock.now() / 1000) - 300 });
    store.addPrincipal('eve', everything);
    await silentFor(2 * MINUTE);
    expect(await tryAll(`Bearer ${token}`)).toEqual(attempts.map(([, , outcome]) => outcome));
  });

  it('does not take a token that was made in the meantime', async () => {
    const bearer = store.addPrincipal('eve', everything);
    await silentFor(2 * MINUTE);
    expect(await codeOf(access.authenticate(bearer))).toBe('ACCESS.POLICY_STALE');
  });

  it('stops everything after 15 minutes, and before the first heartbeat', async () => {
    store.addPrincipal('eve', everything);
    const key = store.addApiKey('eve');
    await silentFor(15 * MINUTE);
    expect(await codeOf(access.authenticate(key))).toBe('accepted');
    await silentFor(15 * MINUTE + 1);
    expect(await codeOf(access.authenticate(key))).toBe('ACCESS.POLICY_STALE');
    store.heartbeatAt = null;
    await cache.refresh();
    expect(await codeOf(access.authenticate(key))).toBe('ACCESS.POLICY_STALE');
  });
});
