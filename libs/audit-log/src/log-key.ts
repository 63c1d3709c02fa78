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

/** C2SP's algorithm bytes: a log signs notes with Ed25519, a witness adds Ed25519 cosignatures (tlog-cosignature). */
const ALGORITHMS = { log: 0x01, witness: 0x04 } as const;
/** Whose key it is. The algorithm byte goes into the key id, so that the one can never pass for the other. */
export type Signer = keyof typeof ALGORITHMS;
/** DER prefixes of an Ed25519 key: SubjectPublicKeyInfo and PKCS #8 (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const NAME = /^[^\s+]{1,200}$/;

/**
 * Public half of the key of a log or of a witness, with its name, written as C2SP signed-note writes a verifier key:
 * `<name>+<key id, 8 hex digits>+<base64 of algorithm byte and 32 key bytes>`.
 */
export class VerifierKey {
  readonly text: string;
  /** First 4 bytes of SHA-256(name, line feed, algorithm byte, key), as 8 hexadecimal digits. */
  readonly id: string;
  private readonly key: KeyObject;

  private constructor(
    /** The log's name, the first line of its checkpoints; or the witness's. */
    readonly name: string,
    raw: Buffer,
    signer: Signer,
  ) {
    const typed = Buffer.concat([Buffer.of(ALGORITHMS[signer]), raw]);
    this.id = createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);
    this.text = `${name}+${this.id}+${typed.toString('base64')}`;
    this.key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
  }

  static of(name: string, publicKey: KeyObject, signer: Signer = 'log'): VerifierKey {
    checkName(name);
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
    return new VerifierKey(name, raw, signer);
  }

  /** Throws AppError `AUDIT.BAD_KEY` for what is not a verifier key of such a signer. */
  static parse(text: string, signer: Signer = 'log'): VerifierKey {
    const match = /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim());
    const typed = Buffer.from(match?.[3] ?? '', 'base64');
    if (!match || typed.length !== 33 || typed[0] !== ALGORITHMS[signer])
      throw errors.invalid(
        'AUDIT.BAD_KEY',
        `A public key of ${signer === 'log' ? 'an audit log' : 'a witness'} looks like \`name+id+base64\`.`,
      );
    const key = new VerifierKey(match[1]!, typed.subarray(1), signer);
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

/** The key that signs a log's heads, or a witness's cosignatures. Its private half is kept in a file of its own. */
export class LogKey {
  readonly verifier: VerifierKey;

  private constructor(
    name: string,
    private readonly key: KeyObject,
    signer: Signer,
  ) {
    this.verifier = VerifierKey.of(name, createPublicKey(key), signer);
  }

  /** A new random key for the log or witness of this name (no spaces, no plus signs). */
  static generate(name: string, signer: Signer = 'log'): LogKey {
    checkName(name);
    return new LogKey(name, generateKeyPairSync('ed25519').privateKey, signer);
  }

  /** From PKCS #8 PEM. Throws AppError `AUDIT.BAD_KEY` if it is no Ed25519 key. */
  static fromPem(name: string, pem: string, signer: Signer = 'log'): LogKey {
    checkName(name);
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch {
      throw errors.invalid('AUDIT.BAD_KEY', 'The signing key of the audit log is not a PEM private key.');
    }
    if (key.asymmetricKeyType !== 'ed25519')
      throw errors.invalid('AUDIT.BAD_KEY', 'The signing key of the audit log must be an Ed25519 key.');
    return new LogKey(name, key, signer);
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
