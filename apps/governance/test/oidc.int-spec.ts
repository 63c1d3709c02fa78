import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { OidcProvider } from '../src/oidc/oidc-provider';
import { CrookedProvider } from './support/crooked-provider';
import { GovernanceHouse, PROJECT } from './support/governance-house';

/** What the provider sends the browser back to; the test's browser knows where governance really is. */
const PUBLIC_URL = 'http://127.0.0.1:1/governance';
const CALLBACK = `${PUBLIC_URL}/v1/oidc/company/callback`;

const provider = (id: string, issuer: string): OidcProvider =>
  OidcProvider.parse({
    id,
    name: 'The Company',
    issuer,
    clientId: 'steward',
    clientSecret: 'steward-secret',
    scope: 'openid profile groups',
  });

/** Cookies by name, as a browser keeps them for one host. */
class Jar {
  private readonly cookies = new Map<string, string>();

  take(header: string | string[] | undefined): void {
    for (const line of [header ?? []].flat()) {
      const [name, value] = line.split(';')[0]!.split('=') as [string, string];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  get text(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

describe('login by OpenID Connect', () => {
  let house: GovernanceHouse;
  let admin: string;
  let company: ChildProcess;
  let companyIssuer: string;
  let crook: CrookedProvider;

  beforeAll(async () => {
    company = fork(join(__dirname, 'support', 'oidc-server.mjs'), [CALLBACK], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    companyIssuer = await new Promise<string>((resolve, reject) => {
      company.once('message', (message: { issuer: string }) => resolve(message.issuer));
      company.once('exit', (code) => reject(new Error(`The provider ended with ${code}.`)));
    });
    crook = await new CrookedProvider().start();
    house = await GovernanceHouse.open();
    await house.running.close();
    house.options = {
      oidc: {
        providers: [
          provider('company', companyIssuer),
          provider('crook', crook.issuer),
          provider('away', 'http://127.0.0.1:1'),
        ],
        publicUrl: PUBLIC_URL,
      },
    };
    await house.start();
    admin = await house.asAdmin();
    await house.project();
  });

  afterAll(async () => {
    company.kill('SIGKILL');
    await crook.stop();
    await house.close();
  });

  const begin = async (id: string, query = ''): Promise<{ jar: Jar; url: URL }> => {
    const jar = new Jar();
    const answer = await request(house.url).get(`/v1/oidc/${id}/start${query}`).expect(302);
    jar.take(answer.headers['set-cookie']);
    return { jar, url: new URL(answer.headers['location']!) };
  };
  /** Goes through the provider's pages, and stops where it sends the browser back to us. */
  const throughCompany = async (start: URL, account: string, groups: readonly string[]): Promise<URL> => {
    const become = new URLSearchParams({ account });
    for (const group of groups) become.append('group', group);
    await fetch(`${companyIssuer}/become?${become.toString()}`);
    const theirs = new Jar();
    let url = start;
    for (let hops = 0; hops < 12; hops += 1) {
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie: theirs.text } });
      theirs.take(answer.headers.getSetCookie());
      url = new URL(answer.headers.get('location')!, url);
      if (url.href.startsWith(CALLBACK)) return url;
    }
    throw new Error('The provider never sent the browser back.');
  };
  const comeBack = (back: URL, jar: Jar, id = 'company') =>
    request(house.url).get(`/v1/oidc/${id}/callback${back.search}`).set('cookie', jar.text);
  const codeOf = async (call: request.Test, status = 401): Promise<string> =>
    ((await call.expect(status)).body as { code: string }).code;
  const logIn = async (account: string, groups: readonly string[]) => {
    const { jar, url } = await begin('company', '?returnTo=/approvals');
    const back = await throughCompany(url, account, groups);
    const answer = await comeBack(back, jar).expect(302);
    jar.take(answer.headers['set-cookie']);
    expect(answer.headers['location']).toBe('/approvals');
    const { body } = await eventually(() =>
      request(house.url).get('/v1/session').set('cookie', jar.text).expect(200),
    );
    return {
      jar,
      back,
      me: body as { principalId: string; user: string; roles: object[]; csrfToken: string },
    };
  };

  it('is offered, with PKCE, state and nonce', async () => {
    const { body } = await request(house.url).get('/v1/login-options').expect(200);
    expect(body).toMatchObject({
      oidc: [
        { id: 'company', name: 'The Company', startUrl: `${PUBLIC_URL}/v1/oidc/company/start` },
        { id: 'crook' },
        { id: 'away' },
      ],
    });
    const { url } = await begin('company');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.any(String),
      nonce: expect.any(String),
      redirect_uri: CALLBACK,
    });
    await request(house.url).get('/v1/oidc/nobody/start').expect(404);
    expect(await codeOf(request(house.url).get('/v1/oidc/away/start'), 503)).toBe(
      'GOVERNANCE.OIDC_PROVIDER_AWAY',
    );
  });

  it('makes the account once, with the roles of its groups, given by who wrote the mapping', async () => {
    const groups = [
      { group: 'risk', role: 'approver', project: PROJECT },
      { group: 'risk', role: 'auditor' },
      { group: 'data', role: 'data-engineer', project: PROJECT },
    ];
    await house.put('/v1/oidc/company/groups', admin, { groups }).expect(200);
    const first = await logIn('ann', ['risk', 'unknown']);
    expect(first.me.user).toBe('ann.company');
    expect(first.me.roles).toEqual([
      { role: 'approver', project: PROJECT },
      { role: 'auditor', project: null },
    ]);
    const grants = await house.rows<{ granted_by: string }>(
      'SELECT granted_by FROM governance.role_grants WHERE principal_id = $1',
      [first.me.principalId],
    );
    const { body: me } = await house.get('/v1/me', admin).expect(200);
    expect(new Set(grants.map(({ granted_by: by }) => by))).toEqual(
      new Set([(me as { principalId: string }).principalId]),
    );
    const second = await logIn('ann', ['data']);
    await eventually(async () => {
      const { body } = await request(house.url).get('/v1/session').set('cookie', second.jar.text).expect(200);
      expect(body).toMatchObject({
        principalId: first.me.principalId,
        roles: [{ role: 'data-engineer', project: PROJECT }],
      });
    });
    // There is no password with which one could go round the provider.
    await request(house.url).post('/v1/login').send({ user: 'ann.company', password: 'x' }).expect(401);
    const audited = await house.events('steward.governance.audit.v1');
    expect(audited.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['oidc-groups.change', 'user.create', 'role.grant', 'role.revoke']),
    );
  });

  it('keeps out who was disabled here', async () => {
    const { me } = await logIn('bob', []);
    await house.patch(`/v1/users/${me.principalId}`, admin, { state: 'disabled' }).expect(200);
    const { jar, url } = await begin('company');
    const back = await throughCompany(url, 'bob', []);
    expect(await codeOf(comeBack(back, jar), 403)).toBe('GOVERNANCE.OIDC_DISABLED');
  });

  it('refuses a state that is replayed, made up, of another provider, or of another browser', async () => {
    const { jar, back } = await logIn('cid', []);
    expect(await codeOf(comeBack(back, jar))).toBe('GOVERNANCE.OIDC_STATE');
    const fresh = await begin('company');
    const made = new URL(`${CALLBACK}?code=x&state=made-up`);
    expect(await codeOf(comeBack(made, fresh.jar))).toBe('GOVERNANCE.OIDC_STATE');
    const other = await begin('company');
    const stolen = await throughCompany(other.url, 'cid', []);
    expect(await codeOf(comeBack(stolen, fresh.jar))).toBe('GOVERNANCE.OIDC_BROWSER');
    const third = await begin('company');
    const elsewhere = await throughCompany(third.url, 'cid', []);
    expect(await codeOf(comeBack(elsewhere, third.jar, 'crook'))).toBe('GOVERNANCE.OIDC_STATE');
  });

  it('refuses a code that the provider does not know, and says what it denies', async () => {
    const { jar, url } = await begin('company');
    const back = await throughCompany(url, 'dan', []);
    back.searchParams.set('code', 'not-the-code');
    expect(await codeOf(comeBack(back, jar))).toBe('GOVERNANCE.OIDC_CODE');
    const again = await begin('company');
    const denied = new URL(
      `${CALLBACK}?error=access_denied&state=${again.url.searchParams.get('state')}&iss=${companyIssuer}`,
    );
    expect(await codeOf(comeBack(denied, again.jar))).toBe('GOVERNANCE.OIDC_DENIED');
  });

  it('sends nobody to a page of somebody else', async () => {
    for (const evil of ['//evil.example', 'https://evil.example', '/\\evil.example', 'x']) {
      const { jar, url } = await begin('company', `?returnTo=${encodeURIComponent(evil)}`);
      const back = await throughCompany(url, 'eve', []);
      const answer = await comeBack(back, jar).expect(302);
      expect(answer.headers['location']).toBe('/');
    }
  });

  describe('from a provider whose word does not hold', () => {
    const answerWith = async (change: Partial<Pick<CrookedProvider, 'claims' | 'times' | 'forged'>>) => {
      Object.assign(crook, { claims: {}, times: { iat: 0, exp: 300 }, forged: false }, change);
      const { jar, url } = await begin('crook');
      crook.asked = url.searchParams;
      const back = new URL(`${CALLBACK}?code=c&state=${url.searchParams.get('state')}`);
      // In a box, because an async function would await the call, which is a promise.
      return { call: comeBack(back, jar, 'crook') };
    };

    it('lets in who comes with a word that does hold, within the clocks’ tolerance', async () => {
      await (await answerWith({})).call.expect(302);
      await (await answerWith({ times: { iat: 15, exp: 300 } })).call.expect(302);
      await (await answerWith({ times: { iat: -300, exp: -15 } })).call.expect(302);
    });

    it.each([
      ['another nonce', { claims: { nonce: 'another' } }, 'GOVERNANCE.OIDC_NONCE'],
      ['no nonce', { claims: { nonce: undefined } }, 'GOVERNANCE.OIDC_NONCE'],
      ['another audience', { claims: { aud: 'somebody-else' } }, 'GOVERNANCE.OIDC_AUDIENCE'],
      ['another issuer', { claims: { iss: 'https://evil.example' } }, 'GOVERNANCE.OIDC_ISSUER'],
      ['a time long gone', { times: { iat: -900, exp: -600 } }, 'GOVERNANCE.OIDC_TIME'],
      ['a forged signature', { forged: true }, 'GOVERNANCE.OIDC_SIGNATURE'],
    ])('refuses %s', async (_what, change, code) => {
      const { call } = await answerWith(change);
      expect(await codeOf(call)).toBe(code);
    });

    it('asks for a second factor there where a role needs one', async () => {
      const groups = [{ group: 'g', role: 'auditor' }];
      await house.put('/v1/oidc/crook/groups', admin, { groups }).expect(200);
      await house.put('/v1/roles/auditor', admin, { requiresTotp: true }).expect(200);
      expect(await codeOf((await answerWith({ claims: { groups: ['g'] } })).call, 403)).toBe(
        'GOVERNANCE.OIDC_SECOND_FACTOR',
      );
      await (await answerWith({ claims: { groups: ['g'], amr: ['pwd', 'otp'] } })).call.expect(302);
      await house.put('/v1/roles/auditor', admin, { requiresTotp: false }).expect(200);
    });
  });

  it('is mapped by administrators alone, to roles and projects that there are', async () => {
    const fay = await house.person('fay', ['auditor']);
    await house.get('/v1/oidc/company/groups', fay.token).expect(200);
    await house.put('/v1/oidc/company/groups', fay.token, { groups: [] }).expect(403);
    const put = (role: string, project: string | null) =>
      house.put('/v1/oidc/company/groups', admin, { groups: [{ group: 'g', role, project }] });
    await put('king', null).expect(400);
    await put('auditor', 'nowhere').expect(404);
    await house.put('/v1/oidc/nobody/groups', admin, { groups: [] }).expect(404);
  });
});
