import { randomBytes } from 'node:crypto';

/**
 * A new UUID, version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then random. Ids made later sort later,
 * which keeps B-tree inserts local.
 */
export function newId(millis: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(millis, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID of any version. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

const PSEUDONYM = /^sub_[0-9a-f]{32}$/;

/** A new pseudonym of a data subject: 128 random bits, `sub_` in front so that people recognise it. */
export function newPseudonym(): string {
  return `sub_${randomBytes(16).toString('hex')}`;
}

/** True for what {@link newPseudonym} makes. What does not look so may be a direct identifier: never echo it. */
export function isPseudonym(text: unknown): text is string {
  return typeof text === 'string' && PSEUDONYM.test(text);
}

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** True for a name of a project, dataset, pipeline or model: lower-case letters, digits, hyphens; 63 at most. */
export function isName(text: unknown): text is string {
  return typeof text === 'string' && NAME.test(text);
}
