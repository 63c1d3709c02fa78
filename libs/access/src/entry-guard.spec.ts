import { AppError, FixedClock } from '@steward/kernel';
import { entryDecision } from './entry-decision';
import type { CredentialUse } from './credential-use';
import { Can, PublicEndpoint, SignedIn } from './decorators';
import { ANONYMOUS, EntryGuard, type EntryCall } from './entry-guard';
import { InMemoryPolicyStore } from './in-memory-policy.store';
import { PolicyAccess } from './policy-access';
import { PolicyCache } from './policy-cache';
import type { RefusalTrail } from './refusal-trail';

class Entries {
  @Can('read', 'Run')
  inProject(): void {}

  @Can('update', 'ModelAlias')
  alias(): void {}

  @Can('update', 'ModelAlias', { refined: true })
  refinedAlias(): void {}

  @Can('create', 'Project', { project: null })
  installation(): void {}

  @Can('read', 'Project', { anyProject: true })
  list(): void {}

  @SignedIn('Everybody may.')
  self(): void {}

  @PublicEndpoint('Open.')
  open(): void {}

  @PublicEndpoint('Open.')
  @Can('read', 'Run')
  both(): void {}

  forgotten(): void {}
}

const clock = new FixedClock();
const store = new InMemoryPolicyStore(() => clock.now());
const cache = new PolicyCache(store, clock);
const refused: string[] = [];
const refusals = {
  note: (_caller: unknown, entry: string, error: AppError) => void refused.push(`${entry} ${error.code}`),
} as unknown as RefusalTrail;
const used: string[] = [];
const uses = { note: (keyId: string) => void used.push(keyId) } as unknown as CredentialUse;
const guard = new EntryGuard(new PolicyAccess(cache, clock), refusals, uses);

const callOf = (
  name: keyof Entries,
  credential?: string,
  project: unknown = 'lending',
  alias?: string,
): EntryCall => ({
  entry: name,
  decision: entryDecision(Entries.prototype[name], Entries),
  credential,
  correlation: 'c-1',
  address: '127.0.0.1',
  field: (field) => ({ project, alias })[field],
});
const admit = (...args: Parameters<typeof callOf>): Promise<unknown> =>
  guard.admit(callOf(...args)).catch((error: unknown) => (AppError.is(error) ? error.code : error));

describe('EntryGuard', () => {
  let engineer: string;
  let administrator: string;

  beforeAll(async () => {
    store.addProjects('lending');
    engineer = store.addPrincipal('eve', [{ role: 'ml-engineer', project: 'lending' }]);
    administrator = store.addPrincipal('ada', [{ role: 'administrator', project: null }]);
    await cache.refresh();
  });

  it('makes the caller of an entry in a project', async () => {
    expect(await admit('inProject', engineer)).toMatchObject({
      principal: { id: 'eve' },
      correlation: 'c-1',
      project: 'lending',
      address: '127.0.0.1',
    });
  });

  it('keeps what belongs to no project for roles without one', async () => {
    expect(await admit('installation', administrator)).toMatchObject({ project: null });
    expect(await admit('installation', engineer)).toBe('ACCESS.FORBIDDEN');
    expect(await admit('list', engineer)).toMatchObject({ project: null });
  });

  it('lets everybody who is known, or everybody, where the entry says so', async () => {
    expect(await admit('self', engineer)).toMatchObject({ principal: { id: 'eve' } });
    expect(await admit('self')).toBe('ACCESS.CREDENTIAL_MISSING');
    expect(await admit('open')).toMatchObject({ principal: ANONYMOUS });
  });

  it('closes an entry without a decision, or with two, to everybody', async () => {
    expect(await admit('forgotten', administrator)).toBe('ACCESS.UNDECIDED');
    expect(await admit('both', administrator)).toBe('ACCESS.UNDECIDED');
  });

  it('refuses a project that is missing, malformed or unknown', async () => {
    for (const bad of [null, '', '../x', 7, ['lending']]) {
      expect(await admit('inProject', administrator, bad)).toBe('ACCESS.PROJECT_MISSING');
    }
    expect(await admit('inProject', administrator, 'nowhere')).toBe('ACCESS.NOT_FOUND');
  });

  it('tells rules what stands in the route, and leaves the rest closed, or open to the handler', async () => {
    const rules = [
      { action: ['update'], subject: ['ModelAlias'], conditions: { alias: { $ne: 'champion' } } },
    ];
    store.put({ kind: 'role', value: { name: 'stager', version: 1, rules } });
    const stager = store.addPrincipal('sid', [{ role: 'stager', project: 'lending' }]);
    await cache.refresh();
    expect(await admit('alias', stager, 'lending', 'staging')).toMatchObject({ principal: { id: 'sid' } });
    for (const alias of ['champion', '', undefined])
      expect(await admit('alias', stager, 'lending', alias)).toBe('ACCESS.NOT_FOUND');
    expect(await admit('refinedAlias', stager)).toMatchObject({ principal: { id: 'sid' } });
    expect(await admit('refinedAlias', stager, 'lending', 'champion')).toBe('ACCESS.NOT_FOUND');
  });

  it('remembers which API keys were used, by their ids', async () => {
    const key = store.addApiKey('eve');
    await cache.refresh();
    await admit('self', engineer);
    expect(used).toEqual([]);
    await admit('inProject', key);
    expect(used).toEqual([key.split('_')[1]]);
  });

  it('has refusals audited', async () => {
    refused.length = 0;
    await admit('self');
    expect(refused).toEqual(['self ACCESS.CREDENTIAL_MISSING']);
  });
});
