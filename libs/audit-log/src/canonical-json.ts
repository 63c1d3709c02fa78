import { errors } from '@steward/kernel';
import canonicalize from 'canonicalize';

/**
 * JSON in the one form of RFC 8785, as UTF-8: what is hashed must not depend on the order of keys or on spaces.
 * Throws AppError `AUDIT.NOT_CANONICAL` for what JSON cannot hold (NaN, infinities, undefined alone).
 */
export function canonicalJson(value: unknown): Buffer {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw errors.invalid('AUDIT.NOT_CANONICAL', 'This value has no canonical JSON form.', { cause });
  }
  if (text === undefined)
    throw errors.invalid('AUDIT.NOT_CANONICAL', 'This value has no canonical JSON form.');
  return Buffer.from(text, 'utf8');
}
