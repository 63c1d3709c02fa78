import {
  base32,
  fromBase32,
  matchingStep,
  newRecoveryCodes,
  newTotpSecret,
  otpauthUri,
  plainRecoveryCode,
  totpCode,
  totpStep,
} from './totp';

/** RFC 6238, appendix B, SHA-1: the secret of 20 ASCII digits, 8-digit codes. */
const RFC_SECRET = Buffer.from('12345678901234567890');
const RFC_CODES: [seconds: number, code: string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
];

describe('TOTP', () => {
  it.each(RFC_CODES)('at %d s is %s, as in RFC 6238', (seconds, code) => {
    expect(totpCode(RFC_SECRET, totpStep(seconds * 1000), 8)).toBe(code);
  });

  it('is base32 as in RFC 4648', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(fromBase32('MZXW6YTBOI').toString()).toBe('foobar');
    expect(fromBase32(base32(RFC_SECRET))).toEqual(RFC_SECRET);
    expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
  });

  it('takes a code of the step before, now and after, once, and none older than the last', () => {
    const secret = base32(RFC_SECRET);
    const now = 1_234_567_890_000;
    const step = totpStep(now);
    for (const offset of [-1, 0, 1])
      expect(matchingStep(secret, totpCode(RFC_SECRET, step + offset), now, 0)).toBe(step + offset);
    for (const offset of [-2, 2])
      expect(matchingStep(secret, totpCode(RFC_SECRET, step + offset), now, 0)).toBeNull();
    expect(matchingStep(secret, totpCode(RFC_SECRET, step), now, step)).toBeNull();
    expect(matchingStep(secret, totpCode(RFC_SECRET, step - 1), now, step)).toBeNull();
    expect(matchingStep(secret, totpCode(RFC_SECRET, step + 1), now, step)).toBe(step + 1);
    for (const wrong of ['', '000000', '12345', 'abcdef'])
      expect(matchingStep(secret, wrong, now, 0)).toBeNull();
  });

  it('has an URI that authenticator apps read', () => {
    const uri = new URL(otpauthUri('ABC234', 'ada@example.org/x'));
    expect(uri.protocol).toBe('otpauth:');
    expect(decodeURIComponent(uri.pathname)).toContain('Steward:ada@example.org/x');
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: 'ABC234',
      issuer: 'Steward',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });

  it('has ten recovery codes, read however they are typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    expect(plainRecoveryCode(' abcd-efgh ijkl-mnop')).toBe('ABCDEFGHIJKLMNOP');
  });
});
