import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { errors, newId, sha256 } from '@steward/kernel';
import { SignJWT } from 'jose';
import { readOrCreateSecret } from './key-file';
import { TokenIssuer, type SigningKey } from './token.issuer';

/** Issuer and audience that every service expects (libs/access). */
const STEWARD = 'steward';

/** EdDSA tokens, signed with a key in a file of the keys folder. */
export class JoseTokenIssuer extends TokenIssuer {
  readonly signingKey: SigningKey;

  private constructor(
    private readonly key: KeyObject,
    private readonly seconds: number,
  ) {
    super();
    const { x } = createPublicKey(key).export({ format: 'jwk' });
    if (key.asymmetricKeyType !== 'ed25519' || !x)
      throw errors.invalid('GOVERNANCE.BAD_SIGNING_KEY', 'The key that signs tokens must be an Ed25519 key.');
    this.signingKey = { keyId: sha256(x).slice(0, 16), jwk: { kty: 'OKP', crv: 'Ed25519', x } };
  }

  /** Reads the key, or makes one at the first start. */
  static fromFolder(folder: string, seconds: number): JoseTokenIssuer {
    const pem = readOrCreateSecret(folder, 'token-signing.pem', () =>
      generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    );
    return new JoseTokenIssuer(createPrivateKey(pem), seconds);
  }

  async issue(
    principalId: string,
    at: number,
    use: 'bearer' | 'cookie',
  ): Promise<{ token: string; tokenId: string; expiresAt: string }> {
    // With its fraction: a token that follows a revocation within the same second must be newer than it.
    const issuedAt = at / 1000;
    const expiresAt = Math.floor(issuedAt) + this.seconds;
    const tokenId = newId(at);
    const token = await new SignJWT(use === 'cookie' ? { use } : {})
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: this.signingKey.keyId })
      .setIssuer(STEWARD)
      .setAudience(STEWARD)
      .setSubject(principalId)
      .setJti(tokenId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.key);
    return { token, tokenId, expiresAt: new Date(expiresAt * 1000).toISOString() };
  }
}
