import { FixedClock, type AppError } from '@steward/kernel';
import { InMemoryPolicyStore } from './in-memory-policy.store';
import { PolicyAccess } from './policy-access';
import { PolicyCache } from './policy-cache';
import { credentialOf, csrfTokenOf, sessionCookieOf, type CredentialSource } from './session-cookie';

const clock = new FixedClock();
let store: InMemoryPolicyStore;
let cache: PolicyCache;
let access: PolicyAccess;
let session: string;

beforeEach(() => {
  store = new InMemoryPolicyStore(() => clock.now());
  cache = new PolicyCache(store, clock);
  access = new PolicyAccess(cache, clock);
  store.addPrincipal('eve', []);
  session = store.token('eve', { use: 'cookie', jti: 'session-1' });
});

const ask = async (request: CredentialSource): Promise<string> => {
  await cache.refresh();
  return access.authenticate(credentialOf(request)).then(
    ({ id, credential }) => `${id} by ${credential.kind} ${credential.id}`,
    (error: AppError) => error.code,
  );
};
const cookie = (token = session) => ({ cookie: `theme=dark; steward_session=${token}` });

describe('the credential of a request', () => {
  it('is the session cookie where no header names another', async () => {
    expect(await ask({ method: 'GET', headers: cookie() })).toBe('eve by token session-1');
    expect(await ask({ method: 'GET', headers: { ...cookie(), authorization: 'Bearer nonsense' } })).toBe(
      'ACCESS.TOKEN_MALFORMED',
    );
  });

  it('is missing where two session cookies stand, as after one was planted from a neighbouring host', () => {
    expect(sessionCookieOf(`steward_session=a; steward_session=b`)).toBeUndefined();
    expect(sessionCookieOf(['steward_session=a', 'steward_session=b'])).toBeUndefined();
    expect(sessionCookieOf('steward_session=; xsteward_session=a')).toBeUndefined();
  });
});

describe('a call with the session cookie', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])(
    '%s needs the session’s own CSRF token',
    async (method) => {
      const other = csrfTokenOf(store.token('eve', { use: 'cookie' }));
      const right = csrfTokenOf(session);
      const wrong = [undefined, '', other, right.slice(1), `${right}=`];
      for (const token of wrong)
        expect(await ask({ method, headers: { ...cookie(), 'x-csrf-token': token } })).toBe('ACCESS.CSRF');
      const headers = { ...cookie(), 'x-csrf-token': right };
      expect(await ask({ method, headers })).toBe('eve by token session-1');
    },
  );

  it('reads without one', async () => {
    for (const method of ['GET', 'HEAD'])
      expect(await ask({ method, headers: cookie() })).toBe('eve by token session-1');
  });

  it('says nothing of CSRF to a session that does not hold', async () => {
    const forged = `${session.slice(0, -4)}AAAA`;
    expect(await ask({ method: 'POST', headers: cookie(forged) })).toBe('ACCESS.TOKEN_SIGNATURE');
  });

  it('is refused once the session was ended, while others go on', async () => {
    const other = store.token('eve', { use: 'cookie', jti: 'session-2' });
    expect(await ask({ method: 'GET', headers: cookie() })).toBe('eve by token session-1');
    store.put({ kind: 'revoked-session', value: { id: 'session-1', expiresAt: clock.now() + 1000 } });
    expect(await ask({ method: 'GET', headers: cookie() })).toBe('ACCESS.SESSION_REVOKED');
    expect(await ask({ method: 'GET', headers: cookie(other) })).toBe('eve by token session-2');
  });
});

describe('tokens in the wrong place', () => {
  it('are refused: a session in the header, a program’s token or an API key in the cookie', async () => {
    const headers = { authorization: `Bearer ${session}` };
    expect(await ask({ method: 'GET', headers })).toBe('ACCESS.TOKEN_MISPLACED');
    expect(await ask({ method: 'GET', headers: cookie(store.token('eve')) })).toBe('ACCESS.TOKEN_MISPLACED');
    expect(await ask({ method: 'GET', headers: cookie(store.addApiKey('eve')) })).toBe(
      'ACCESS.TOKEN_MALFORMED',
    );
  });
});
