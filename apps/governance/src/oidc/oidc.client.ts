import type { OidcClaims, OidcProvider } from './oidc-provider';

/** Where to send the browser, and what must be known when it comes back. */
export interface BegunLogin {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Speaks OpenID Connect with a provider. Abstract class = injection token. */
export abstract class OidcClient {
  abstract begin(provider: OidcProvider, redirectUri: string): Promise<BegunLogin>;
  /**
   * Exchanges the code that the browser brought and checks the provider's word: signature, issuer, audience, nonce,
   * state, times. Throws AppErrors `GOVERNANCE.OIDC_*` that say what is wrong.
   */
  abstract finish(
    provider: OidcProvider,
    callbackUrl: string,
    expected: Omit<BegunLogin, 'url'>,
  ): Promise<OidcClaims>;
}
