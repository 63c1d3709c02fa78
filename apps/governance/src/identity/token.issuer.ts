/** The public half of the key that signs tokens. */
export interface SigningKey {
  readonly keyId: string;
  /** JWK: kty OKP, crv Ed25519, x. */
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
}

/** Makes the tokens that every service accepts. Abstract class = injection token. */
export abstract class TokenIssuer {
  abstract readonly signingKey: SigningKey;
  abstract issue(
    principalId: string,
    at: number,
    use: 'bearer' | 'cookie',
  ): Promise<{ readonly token: string; readonly tokenId: string; readonly expiresAt: string }>;
}
