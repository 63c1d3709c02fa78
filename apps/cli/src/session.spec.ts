import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { tell } from './cli-error';
import { profileFile, readProfile, writeProfile, type Profile } from './profile';
import { Session } from './session';

const PROFILE: Profile = {
  url: 'http://127.0.0.1:9000',
  token: 'secret-token',
  expiresAt: '2026-01-01T01:00:00Z',
  user: 'ada',
  principalId: 'p1',
  project: 'lending',
};
const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };

describe('Session', () => {
  let folder: string;
  const environment = (more: NodeJS.ProcessEnv = {}) => ({ STEWARD_CONFIG_DIR: folder, ...more });
  const session = (more: NodeJS.ProcessEnv = {}, options = {}, now = Date.parse('2026-01-01T00:30:00Z')) =>
    new Session(environment(more), terminal, options, () => now);
  const codeOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return tell(error).code;
    }
    return 'nothing was thrown';
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'steward-profile-'));
    writeProfile(profileFile(environment()), PROFILE);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps the profile from others', () => {
    expect(statSync(profileFile(environment())).mode & 0o777).toBe(0o600);
  });

  it('calls where and as whom the profile says', () => {
    const { client, project } = session();
    expect(client.options).toMatchObject({ url: PROFILE.url, credential: PROFILE.token });
    expect(project).toBe('lending');
  });

  it('prefers the environment, and gives its token alone', () => {
    const { client, url } = session({ STEWARD_TOKEN: 't' });
    expect([client.options.credential, url]).toEqual(['t', 'http://127.0.0.1:8080']);
  });

  it('never sends the profile token to another place', () => {
    expect(codeOf(() => session({ STEWARD_URL: 'http://127.0.0.1:9001' }).client)).toBe('CLI.NOT_LOGGED_IN');
    expect(session({ STEWARD_URL: `${PROFILE.url}/` }).client.options.credential).toBe(PROFILE.token);
  });

  it('says when a login has ended', () => {
    expect(codeOf(() => session({}, {}, Date.parse('2026-01-01T01:00:00Z')).client)).toBe(
      'CLI.LOGIN_EXPIRED',
    );
  });

  it('takes the project of the option, else of the environment, else of the profile', () => {
    expect([
      session({ STEWARD_PROJECT: 'b' }, { project: 'a' }).project,
      session({ STEWARD_PROJECT: 'b' }).project,
      session().project,
    ]).toEqual(['a', 'b', 'lending']);
  });

  it('refuses names and addresses that could lead elsewhere', () => {
    expect(codeOf(() => session({}, { project: '../x' }).project)).toBe('CLI.USAGE');
    expect(codeOf(() => session({ STEWARD_URL: 'file:///etc' }).url)).toBe('CLI.USAGE');
    expect(session().path('training', 'models', 'a/../b')).toBe(
      '/training/v1/projects/lending/models/a%2F..%2Fb',
    );
  });

  it('names a damaged profile, and none as none', () => {
    const file = profileFile(environment());
    writeFileSync(file, '{');
    expect(codeOf(() => readProfile(file))).toBe('CLI.PROFILE_BROKEN');
    expect(readProfile(join(folder, 'other.json'))).toBeNull();
  });
});
