import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { fromBase32, totpCode, totpStep } from '../src/second-factors/totp';
import { GovernanceHouse } from './support/governance-house';

interface Enrolment {
  readonly secret: string;
  readonly otpauthUri: string;
}

describe('second factors and changes of password, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let admin: string;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    admin = await house.asAdmin();
  });

  afterAll(() => house.close());

  const codeAt = (secret: string, offset = 0): string =>
    totpCode(fromBase32(secret), totpStep(Date.now()) + offset);
  const logIn = (user: string, rest: object = {}) =>
    request(house.url)
      .post('/v1/login')
      .send({ user, password: `${user}-password-1`, ...rest });
  const codeOf = async (call: request.Test, status: number): Promise<string> =>
    ((await call.expect(status)).body as { code: string }).code;
  const bearer = (answer: request.Response): string => `Bearer ${(answer.body as { token: string }).token}`;

  it('is enrolled, confirmed by a code, and asked for from then on; no code counts twice', async () => {
    const ann = await house.person('ann', []);
    const enrolment = (await house.post('/v1/me/totp', ann.token).expect(200)).body as Enrolment;
    expect(enrolment.otpauthUri).toContain(`secret=${enrolment.secret}`);
    // Not confirmed: it is not asked for yet.
    await logIn('ann').expect(200);
    expect(await codeOf(house.post('/v1/me/totp/confirm', ann.token, { totp: '000000' }), 401)).toBe(
      'GOVERNANCE.TOTP_WRONG',
    );
    const code = codeAt(enrolment.secret);
    const confirmed = await house.post('/v1/me/totp/confirm', ann.token, { totp: code }).expect(200);
    expect((confirmed.body as { recoveryCodes: string[] }).recoveryCodes).toHaveLength(10);
    expect(await codeOf(house.post('/v1/me/totp', ann.token), 409)).toBe('GOVERNANCE.TOTP_EXISTS');

    expect(await codeOf(logIn('ann'), 401)).toBe('GOVERNANCE.TOTP_REQUIRED');
    expect(await codeOf(logIn('ann', { totp: code }), 401)).toBe('GOVERNANCE.TOTP_WRONG');
    const next = codeAt(enrolment.secret, 1);
    const { body } = await house.get('/v1/session', bearer(await logIn('ann', { totp: next }).expect(200)));
    expect(body).toMatchObject({ totp: true });
    expect(await codeOf(logIn('ann', { totp: next }), 401)).toBe('GOVERNANCE.TOTP_WRONG');
    // The password is asked for first, so that a code tells nothing about it.
    expect(await codeOf(logIn('ann', { password: 'wrong', totp: next }), 401)).toBe(
      'GOVERNANCE.LOGIN_FAILED',
    );
  });

  it('takes one code of two that come at the same moment', async () => {
    const bea = await house.person('bea', []);
    const { secret } = (await house.post('/v1/me/totp', bea.token).expect(200)).body as Enrolment;
    await house.post('/v1/me/totp/confirm', bea.token, { totp: codeAt(secret) }).expect(200);
    const totp = codeAt(secret, 1);
    const answers = await Promise.all([1, 2, 3].map(() => logIn('bea', { totp })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401, 401]);
  });

  it('is replaced by recovery codes, each good for one login, and removed by the password', async () => {
    const cid = await house.person('cid', []);
    const { secret } = (await house.post('/v1/me/totp', cid.token).expect(200)).body as Enrolment;
    const { body } = await house.post('/v1/me/totp/confirm', cid.token, { totp: codeAt(secret) }).expect(200);
    const [first] = (body as { recoveryCodes: string[] }).recoveryCodes;
    await logIn('cid', { recoveryCode: first!.toLowerCase() }).expect(200);
    expect(await codeOf(logIn('cid', { recoveryCode: first }), 401)).toBe('GOVERNANCE.TOTP_WRONG');
    const remove = (password: string) =>
      request(house.url).delete('/v1/me/totp').set('authorization', cid.token).send({ password });
    expect(await codeOf(remove('wrong'), 401)).toBe('GOVERNANCE.LOGIN_FAILED');
    await remove('cid-password-1').expect(204);
    await logIn('cid').expect(200);
    expect(await codeOf(remove('cid-password-1'), 404)).toBe('GOVERNANCE.TOTP_NOT_FOUND');
  });

  it('is set up at the login of a role that needs one, and taken from who lost it by an administrator', async () => {
    const dan = await house.person('dan', ['approver']);
    await house.put('/v1/roles/approver', admin, { requiresTotp: true }).expect(200);
    const { body } = await logIn('dan').expect(403);
    expect(body).toMatchObject({ code: 'GOVERNANCE.TOTP_ENROLMENT_REQUIRED' });
    const { secret } = (body as { details: Enrolment }).details;
    // The same secret until it is confirmed.
    expect(((await logIn('dan').expect(403)).body as { details: Enrolment }).details.secret).toBe(secret);
    const done = await logIn('dan', { totp: codeAt(secret) }).expect(200);
    expect((done.body as { recoveryCodes: string[] }).recoveryCodes).toHaveLength(10);
    const removed = request(house.url).delete(`/v1/users/${dan.id}/totp`);
    expect(await codeOf(removed.set('authorization', dan.token), 404)).toBe('ACCESS.NOT_FOUND');
    await request(house.url).delete(`/v1/users/${dan.id}/totp`).set('authorization', admin).expect(204);
    expect(await codeOf(logIn('dan'), 403)).toBe('GOVERNANCE.TOTP_ENROLMENT_REQUIRED');
    await house.put('/v1/roles/approver', admin, { requiresTotp: false }).expect(200);
    await logIn('dan').expect(200);
  });

  it('locks out who guesses codes with the right password', async () => {
    const eli = await house.person('eli', []);
    const { secret } = (await house.post('/v1/me/totp', eli.token).expect(200)).body as Enrolment;
    await house.post('/v1/me/totp/confirm', eli.token, { totp: codeAt(secret) }).expect(200);
    let last = 401;
    for (let n = 0; n < 8 && last !== 429; n++) last = (await logIn('eli', { totp: '000000' })).status;
    expect(last).toBe(429);
  });

  it('keeps its secrets neither in the database nor in the log', async () => {
    const fay = await house.person('fay', []);
    const { secret } = (await house.post('/v1/me/totp', fay.token).expect(200)).body as Enrolment;
    const rows = await house.rows<{ secret: string }>('SELECT secret FROM governance.second_factors');
    expect(rows.length).toBeGreaterThan(0);
    for (const { secret: kept } of rows) {
      expect(kept).not.toContain(secret);
      expect(Buffer.from(kept, 'base64').toString('latin1')).not.toContain(secret);
    }
    const file = join(house.folder, 'keys', 'second-factors.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    const logged = JSON.stringify(await house.events('steward.governance.audit.v1'));
    expect(logged).toContain('totp.enrol');
    expect(logged).not.toContain(secret);
  });

  it('asks for a new password where an administrator wants one', async () => {
    const password = 'gus-password-1';
    await house.post('/v1/users', admin, { user: 'gus', password, mustChangePassword: true }).expect(201);
    expect(await codeOf(logIn('gus'), 403)).toBe('GOVERNANCE.PASSWORD_CHANGE_REQUIRED');
    expect(await codeOf(logIn('gus', { newPassword: 'short' }), 400)).toBe('REQUEST.BODY_INVALID');
    expect(await codeOf(logIn('gus', { newPassword: password }), 400)).toBe('GOVERNANCE.PASSWORD_SAME');
    const answer = await logIn('gus', { newPassword: 'chosen by gus himself' }).expect(200);
    await eventually(() => house.get('/v1/me', bearer(answer)).expect(200));
    await logIn('gus').expect(401);
    await logIn('gus', { password: 'chosen by gus himself' }).expect(200);
    const { principalId } = answer.body as { principalId: string };
    await house.patch(`/v1/users/${principalId}`, admin, { mustChangePassword: true }).expect(200);
    await eventually(() => house.get('/v1/me', bearer(answer)).expect(401));
    expect(await codeOf(logIn('gus', { password: 'chosen by gus himself' }), 403)).toBe(
      'GOVERNANCE.PASSWORD_CHANGE_REQUIRED',
    );
  });
});
