import { errors } from '@steward/kernel';
import { type DecipherGCM, createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A key for one purpose, derived from a kept one (HKDF-SHA-256, RFC 5869). */
export function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `steward/${purpose}`, 32));
}

/** AES-256-GCM: random nonce (12 bytes), ciphertext, tag (16). `context` is authenticated too, and must be known to open. */
export function seal(key: Uint8Array, plain: Uint8Array, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws INGESTION.SEAL_BROKEN for bytes that were not sealed so. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < IV_BYTES + TAG_BYTES) throw sealBroken();
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES)),
      decipher.final(),
    ]);
  } catch {
    throw sealBroken();
  }
}

/** As `seal`, chunk by chunk. */
export async function* sealChunks(
  key: Uint8Array,
  plain: AsyncIterable<Uint8Array>,
  context: string,
): AsyncGenerator<Buffer> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(Buffer.from(context));
  yield iv;
  for await (const chunk of plain) yield cipher.update(chunk);
  yield cipher.final();
  yield cipher.getAuthTag();
}

/**
 * As `unseal`, chunk by chunk. Only when the generator has ended without throwing are its bytes proven: use what came
 * before for nothing that cannot be undone.
 */
export async function* unsealChunks(
  key: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
  context: string,
): AsyncGenerator<Buffer> {
  let decipher: DecipherGCM | null = null;
  let held = Buffer.alloc(0);
  for await (const chunk of sealed) {
    held = Buffer.concat([held, chunk]);
    if (!decipher && held.length >= IV_BYTES) {
      decipher = createDecipheriv(CIPHER, key, held.subarray(0, IV_BYTES));
      decipher.setAAD(Buffer.from(context));
      held = held.subarray(IV_BYTES);
    }
    if (decipher && held.length > TAG_BYTES) {
      const ready = held.length - TAG_BYTES;
      yield decipher.update(held.subarray(0, ready));
      held = held.subarray(ready);
    }
  }
  if (!decipher || held.length !== TAG_BYTES) throw sealBroken();
  try {
    decipher.setAuthTag(held);
    yield decipher.final();
  } catch {
    throw sealBroken();
  }
}

const sealBroken = (): Error =>
  errors.internal('INGESTION.SEAL_BROKEN', 'Encrypted bytes were damaged or belong to another key.');
