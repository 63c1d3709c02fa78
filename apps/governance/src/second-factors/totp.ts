import { createHmac, randomBytes } from 'node:crypto';

/** What authenticator apps take for granted: SHA-1, 30 s, 6 digits (RFC 6238). */
const STEP_MS = 30_000;
const DIGITS = 6;
/** Clocks of telephones may be off by one step either way. */
const STEPS_AROUND = 1;
const SECRET_BYTES = 20;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret, in base32 (RFC 4648) without padding, as authenticator apps take it. */
export const newTotpSecret = (): string => base32(randomBytes(SECRET_BYTES));

/** The code of a time step: HOTP (RFC 4226) with the step as counter. */
export function totpCode(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac[mac.length - 1]! & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

export const totpStep = (now: number): number => Math.floor(now / STEP_MS);

/**
 * The step whose code this is, around now and newer than `lastStep`; null: wrong, too old, or used already.
 * Every candidate is computed, whichever it is.
 */
export function matchingStep(secret: string, code: string, now: number, lastStep: number): number | null {
  const key = fromBase32(secret);
  const current = totpStep(now);
  let found: number | null = null;
  for (let step = current - STEPS_AROUND; step <= current + STEPS_AROUND; step += 1)
    if (totpCode(key, step) === code && step > lastStep) found = step;
  return found;
}

/** What an authenticator app reads from a QR code (Key URI Format). */
export function otpauthUri(secret: string, account: string): string {
  const label = `Steward:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=Steward&algorithm=SHA1&digits=${DIGITS}&period=30`;
}

/** Ten codes for the day on which the telephone is lost: 80 random bits each, in groups of four. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => base32(randomBytes(10)).match(/.{4}/g)!.join('-'));
}

/** A code as a person types it, in the form of which the digest is kept. */
export const plainRecoveryCode = (code: string): string => code.toUpperCase().replaceAll(/[\s-]/g, '');

export function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

export function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (char) => BASE32.indexOf(char).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
