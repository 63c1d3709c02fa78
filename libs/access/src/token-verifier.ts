import { errors, type AppError } from '@steward/kernel';
import { errors as joseErrors, importJWK, jwtVerify, type JWK, type JWTPayload } from 'jose';
import type { PolicySigningKey, PolicySnapshot } from './policy';

/** Issuer and audience of every token. */
export const TOKEN_ISSUER = 'steward';
export const TOKEN_AUDIENCE = 'steward';
/** Clocks of two machines may differ by this much. */
const CLOCK_TOLERANCE_S = 5;
const LONGEST_TOKEN = 4096;

/** What a token says once its signature holds. Times in milliseconds since the epoch. */
export interface VerifiedToken {
  readonly id: string;
  readonly principalId: string;
  readonly signingKeyId: string;
  /** `cookie`: for a browser's cookie alone; `bearer`: for programs. Neither is taken in the place of the other. */
  readonly use: 'bearer' | 'cookie';
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly expiresAt: number;
}

type PublicKey = Awaited<ReturnType<typeof importJWK>>;

/**
 * Verifies tokens that governance signed: EdDSA alone, by a key of the policy copy named in `kid`, issuer and audience
 * `steward`, with `sub`, `jti`, `iat` and `exp`. Imported keys are kept by their material.
 */
export class TokenVerifier {
  private readonly imported = new Map<string, Promise<PublicKey>>();

  /** Throws AppErrors of kind `unauthenticated` that say what is wrong with the token; never echoes it. */
  async verify(token: string, policy: PolicySnapshot, now: number): Promise<VerifiedToken> {
    if (token.length > LONGEST_TOKEN) throw malformed('it is longer than 4,096 characters');
    let keyId = '';
    try {
      const { payload } = await jwtVerify(
        token,
        (header) => {
          keyId = header.kid ?? '';
          return this.keyFor(keyId, policy);
        },
        {
          algorithms: ['EdDSA'],
          issuer: TOKEN_ISSUER,
          audience: TOKEN_AUDIENCE,
          requiredClaims: ['sub', 'jti', 'iat', 'exp'],
          clockTolerance: CLOCK_TOLERANCE_S,
          currentDate: new Date(now),
        },
      );
      return verified(payload, keyId);
    } catch (error) {
      throw explain(error);
    }
  }

  private keyFor(keyId: string, policy: PolicySnapshot): Promise<PublicKey> {
    const key = policy.signingKeys.get(keyId);
    if (!key) {
      throw errors.unauthenticated(
        'ACCESS.TOKEN_KEY_UNKNOWN',
        'This token is signed with a key that this installation does not know. Log in here again.',
      );
    }
    if (!key.active) {
      throw errors.unauthenticated(
        'ACCESS.TOKEN_KEY_RETIRED',
        'The key that signed this token was retired. Log in again.',
      );
    }
    return this.import(key);
  }

  private import(key: PolicySigningKey): Promise<PublicKey> {
    let imported = this.imported.get(key.publicKey);
    if (!imported) {
      imported = Promise.resolve(importJWK(JSON.parse(key.publicKey) as JWK, 'EdDSA'));
      this.imported.set(key.publicKey, imported);
    }
    return imported;
  }
}

function verified(payload: JWTPayload, signingKeyId: string): VerifiedToken {
  const { sub, jti, iat, nbf, exp } = payload;
  // jwtVerify has checked that the claims are there and are numbers.
  return {
    id: jti!,
    principalId: sub!,
    signingKeyId,
    use: payload['use'] === 'cookie' ? 'cookie' : 'bearer',
    // Tokens of governance carry fractions of a second, so that one that follows a revocation at once is newer than it.
    issuedAt: Math.round(iat! * 1000),
    notBefore: ((nbf ?? iat!) - CLOCK_TOLERANCE_S) * 1000,
    expiresAt: (exp! + CLOCK_TOLERANCE_S) * 1000,
  };
}

function malformed(why: string): AppError {
  return errors.unauthenticated('ACCESS.TOKEN_MALFORMED', `This is not a token of Steward: ${why}.`);
}

function explain(error: unknown): unknown {
  if (error instanceof joseErrors.JWTExpired) {
    return errors.unauthenticated('ACCESS.TOKEN_EXPIRED', 'This token has expired. Log in again.');
  }
  if (error instanceof joseErrors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') {
      return errors.unauthenticated('ACCESS.TOKEN_NOT_YET_VALID', 'This token is not valid yet.');
    }
    return errors.unauthenticated(
      'ACCESS.TOKEN_FOREIGN',
      `This token was not made for this installation: its claim ${error.claim} is missing or wrong.`,
    );
  }
  if (error instanceof joseErrors.JWSSignatureVerificationFailed) {
    return errors.unauthenticated('ACCESS.TOKEN_SIGNATURE', 'The signature of this token does not hold.');
  }
  if (error instanceof joseErrors.JOSEAlgNotAllowed) {
    return errors.unauthenticated('ACCESS.TOKEN_ALGORITHM', 'This token is not signed with EdDSA.');
  }
  if (error instanceof joseErrors.JOSEError) return malformed('it cannot be read');
  return error;
}
