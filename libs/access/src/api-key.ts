import { randomBytes } from 'node:crypto';
import { constantTimeEqual, sha256 } from '@steward/kernel';

const API_KEY = /^stw_([A-Za-z0-9-]{8,64})_([A-Za-z0-9_-]{43})$/;

/** An API key taken apart: `stw_<keyId>_<secret>`. */
export interface ParsedApiKey {
  readonly keyId: string;
  readonly secret: string;
}

/** True for what claims to be an API key of Steward, well-formed or not. */
export function looksLikeApiKey(credential: string): boolean {
  return credential.startsWith('stw_');
}

/** Takes an API key apart; null if it is not well-formed. */
export function parseApiKey(credential: string): ParsedApiKey | null {
  const match = API_KEY.exec(credential);
  return match ? { keyId: match[1]!, secret: match[2]! } : null;
}

/**
 * A new API key: an id (16 hexadecimal digits), the whole key, shown once, and the SHA-256 of its secret, which is all
 * that is kept. The secret has 256 random bits, so a plain digest is enough: there is nothing to guess.
 */
export function newApiKey(): { keyId: string; key: string; secretDigest: string } {
  const keyId = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { keyId, key: `stw_${keyId}_${secret}`, secretDigest: sha256(secret) };
}

/** Compares a secret with the digest that is kept, in constant time. */
export function apiKeyMatches(parsed: ParsedApiKey, secretDigest: string): boolean {
  return constantTimeEqual(sha256(parsed.secret), secretDigest);
}
