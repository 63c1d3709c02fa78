import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 as 64 lower-case hexadecimal digits. Strings are hashed as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

const DIGEST = /^[0-9a-f]{64}$/;

/** True for what {@link sha256} makes. */
export function isDigest(text: unknown): text is string {
  return typeof text === 'string' && DIGEST.test(text);
}

/** Compares two strings in a time that depends on their lengths alone. */
export function constantTimeEqual(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
