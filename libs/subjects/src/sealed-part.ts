import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { errors } from '@steward/kernel';

/** DER prefixes of an X25519 key: SubjectPublicKeyInfo and PKCS #8 (RFC 8410). */
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A key pair for which parts are sealed: base64 of the 32 bytes each. The private half never travels. */
export interface Recipient {
  readonly publicKey: string;
  readonly privateKey: string;
}

export function newRecipient(): Recipient {
  const pair = generateKeyPairSync('x25519');
  const raw = (key: KeyObject, type: 'spki' | 'pkcs8', prefix: Buffer): string =>
    key.export({ format: 'der', type }).subarray(prefix.length).toString('base64');
  return {
    publicKey: raw(pair.publicKey, 'spki', SPKI),
    privateKey: raw(pair.privateKey, 'pkcs8', PKCS8),
  };
}

/**
 * Seals bytes so that only the recipient opens them: X25519 with a key of this one message, HKDF-SHA-256, AES-256-GCM.
 * Form: ephemeral public key (32), nonce (12), ciphertext, tag (16). `context` is authenticated too.
 */
export function sealFor(recipientKey: string, plain: Uint8Array, context: string): Buffer {
  const ephemeral = generateKeyPairSync('x25519');
  const own = ephemeral.publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  const key = sharedKey(ephemeral.privateKey, publicKeyOf(recipientKey), own, context);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([own, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws SUBJECTS.SEAL_BROKEN for what was not sealed for this recipient, under this context. */
export function openSealed(recipient: Recipient, sealed: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed);
  if (bytes.length < KEY_BYTES + IV_BYTES + TAG_BYTES) throw broken();
  const own = bytes.subarray(0, KEY_BYTES);
  const body = bytes.subarray(KEY_BYTES + IV_BYTES, bytes.length - TAG_BYTES);
  try {
    const privateKey = createPrivateKey({
      key: Buffer.concat([PKCS8, Buffer.from(recipient.privateKey, 'base64')]),
      format: 'der',
      type: 'pkcs8',
    });
    const key = sharedKey(privateKey, publicKeyOf(own.toString('base64')), own, context);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES));
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw broken();
  }
}

function publicKeyOf(base64: string): KeyObject {
  const raw = Buffer.from(base64, 'base64');
  if (raw.length !== KEY_BYTES)
    throw errors.invalid('SUBJECTS.RECIPIENT_KEY', 'The key of a recipient is base64 of 32 bytes.');
  return createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
}

function sharedKey(own: KeyObject, other: KeyObject, ephemeral: Uint8Array, context: string): Buffer {
  const secret = diffieHellman({ privateKey: own, publicKey: other });
  return Buffer.from(hkdfSync('sha256', secret, ephemeral, `steward/subject-data/${context}`, KEY_BYTES));
}

const broken = (): Error =>
  errors.internal('SUBJECTS.SEAL_BROKEN', 'A sealed part was damaged or belongs to another key.');
