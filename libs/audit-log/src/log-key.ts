import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { errors } from '@steward/kernel';

const ED25519 = 0x01;
/** DER prefixes of an Ed25519 key: SubjectPublicKeyInfo and PKCS #8 (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const NAME = /^[^\s+]{1,200}$/;

/**
 * Public half of a log's key with the log's name, written as C2SP signed-note writes a verifier key:
 * `<name>+<key id, 8 hex digits>+<base64 of algorithm byte and 32 key bytes>`.
 */
export class VerifierKey {
  readonly text: string;
  /** First 4 bytes of SHA-256(name, line feed, algorithm byte, key), as 8 hexadecimal digits. */
  readonly id: string;
  private readonly key: KeyObject;

  private constructor(
    /** The log's name, the first line of its checkpoints. */
    readonly name: string,
    raw: Buffer,
  ) {
    const typed = Buffer.concat([Buffer.of(ED25519), raw]);
    this.id = createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);
    this.text = `${name}+${this.id}+${typed.toString('base64')}`;
    this.key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
  }

  static of(name: string, publicKey: KeyObject): VerifierKey {
    checkName(name);
    return new VerifierKey(name, publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length));
  }

  /** Throws AppError `AUDIT.BAD_KEY` for what is not a verifier key. */
  static parse(text: string): VerifierKey {
    const match = /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim());
    const typed = Buffer.from(match?.[3] ?? '', 'base64');
    if (!match || typed.length !== 33 || typed[0] !== ED25519)
      throw errors.invalid('AUDIT.BAD_KEY', 'A public key of an audit log looks like `name+id+base64`.');
    const key = new VerifierKey(match[1]!, typed.subarray(1));
    if (key.id !== match[2])
      throw errors.invalid(
        'AUDIT.BAD_KEY',
        'The key id does not belong to the public key: a part was changed.',
      );
    return key;
  }

  verify(text: string, signature: Uint8Array): boolean {
    return signature.length === 64 && verify(null, Buffer.from(text, 'utf8'), this.key, signature);
  }
}

/** The key that signs a log's heads. Its private half is kept in a file outside the database. */
export class LogKey {
  readonly verifier: VerifierKey;

  private constructor(
    name: string,
    private readonly key: KeyObject,
  ) {
    this.verifier = VerifierKey.of(name, createPublicKey(key));
  }

  /** A new random key for the log of this name (no spaces, no plus signs). */
  static generate(name: string): LogKey {
    checkName(name);
    return new LogKey(name, generateKeyPairSync('ed25519').privateKey);
  }

  /** From PKCS #8 PEM. Throws AppError `AUDIT.BAD_KEY` if it is no Ed25519 key. */
  static fromPem(name: string, pem: string): LogKey {
    checkName(name);
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch {
      throw errors.invalid('AUDIT.BAD_KEY', 'The signing key of the audit log is not a PEM private key.');
    }
    if (key.asymmetricKeyType !== 'ed25519')
      throw errors.invalid('AUDIT.BAD_KEY', 'The signing key of the audit log must be an Ed25519 key.');
    return new LogKey(name, key);
  }

  /** PKCS #8 PEM: secret. */
  toPem(): string {
    return this.key.export({ format: 'pem', type: 'pkcs8' }).toString();
  }

  sign(text: string): Buffer {
    return sign(null, Buffer.from(text, 'utf8'), this.key);
  }
}

function checkName(name: string): void {
  if (!NAME.test(name))
    throw errors.invalid('AUDIT.BAD_KEY', 'The name of an audit log has no spaces and no plus signs.');
}
