import { randomBytes, randomFillSync } from 'node:crypto';

/** Random bytes are fetched for many ids at once: a call for sixteen costs as much as one for thousands. */
const POOL_BYTES = 8_192;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;
/** The time in front is the same for all ids of a millisecond. */
let lastMillis = Number.NaN;
let lastTime = '';
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A new UUID, version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then random. Ids made later sort later,
 * which keeps B-tree inserts local.
 */
export function newId(millis: number = Date.now()): string {
  if (used + 10 > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const at = used;
  used += 10;
  if (millis !== lastMillis) {
    const time = millis.toString(16).padStart(12, '0');
    lastMillis = millis;
    lastTime = `${time.slice(0, 8)}-${time.slice(8)}-`;
  }
  const hex = (index: number): string => HEX[pool[at + index]!]!;
  return (
    lastTime +
    `${HEX[0x70 | (pool[at]! & 0x0f)]!}${hex(1)}-` +
    `${HEX[0x80 | (pool[at + 2]! & 0x3f)]!}${hex(3)}-` +
    `${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`
  );
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
