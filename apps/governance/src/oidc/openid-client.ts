import { Injectable } from '@nestjs/common';
import { AppError, errors } from '@steward/kernel';
import * as openid from 'openid-client';
import { OidcClient, type BegunLogin } from './oidc.client';
import type { OidcClaims, OidcProvider } from './oidc-provider';

/** Clocks of two organisations may differ by this much. */
const CLOCK_TOLERANCE_S = 30;
const PATIENCE_S = 10;
const MOST_GROUPS = 1_000;

/** {@link OidcClient} by openid-client, for any standard provider: authorisation code, PKCE (S256), state, nonce. */
@Injectable()
export class OpenidOidcClient extends OidcClient {
  private readonly known = new Map<string, openid.Configuration>();

  async begin(provider: OidcProvider, redirectUri: string): Promise<BegunLogin> {
    const config = await this.configurationOf(provider);
    const codeVerifier = openid.randomPKCECodeVerifier();
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: provider.scope,
      code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url: url.href, state, nonce, codeVerifier };
  }

  async finish(
    provider: OidcProvider,
    callbackUrl: string,
    { state, nonce, codeVerifier }: Omit<BegunLogin, 'url'>,
  ): Promise<OidcClaims> {
    const config = await this.configurationOf(provider);
    try {
      const tokens = await openid.authorizationCodeGrant(config, new URL(callbackUrl), {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      return claimsOf(tokens.claims()!, provider);
    } catch (error) {
      throw explain(error, provider);
    }
  }

  /** Read once; a provider that is away is asked again at the next login. */
  private async configurationOf(provider: OidcProvider): Promise<openid.Configuration> {
    const known = this.known.get(provider.id);
    if (known) return known;
    const issuer = new URL(provider.issuer);
    const local = ['127.0.0.1', 'localhost', '[::1]'].includes(issuer.hostname);
    try {
      const config = await openid.discovery(
        issuer,
        provider.clientId,
        { client_secret: provider.clientSecret, [openid.clockTolerance]: CLOCK_TOLERANCE_S },
        provider.clientSecret === undefined ? openid.None() : undefined,
        // The id token's signature is checked always. Without TLS only a provider on this machine is spoken to.
        {
          timeout: PATIENCE_S,
          execute: [
            openid.enableNonRepudiationChecks,
            ...(local && issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : []),
          ],
        },
      );
      this.known.set(provider.id, config);
      return config;
    } catch (cause) {
      throw errors.unavailable(
        'GOVERNANCE.OIDC_PROVIDER_AWAY',
        `${provider.name} does not say how to log in there. Try again, or log in with a password.`,
        { cause },
      );
    }
  }
}

function claimsOf(claims: openid.IDToken, { groupsClaim }: OidcProvider): OidcClaims {
  const groups = claims[groupsClaim];
  const name = claims['preferred_username'] ?? claims['email'];
  return {
    subject: claims.sub,
    preferredName: typeof name === 'string' ? name : null,
    displayName: typeof claims['name'] === 'string' ? claims['name'].slice(0, 200) : null,
    groups: textsOf(groups).slice(0, MOST_GROUPS),
    methods: textsOf(claims['amr']),
  };
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** What of a provider's answer does not hold, by the claim that openid-client names. */
const CLAIMS: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
  nonce: ['GOVERNANCE.OIDC_NONCE', 'the answer belongs to another login (wrong nonce)'],
  aud: ['GOVERNANCE.OIDC_AUDIENCE', 'the answer is meant for another application (wrong audience)'],
  iss: ['GOVERNANCE.OIDC_ISSUER', 'the answer comes from another provider (wrong issuer)'],
  exp: ['GOVERNANCE.OIDC_TIME', 'the answer has expired; compare the clocks of both'],
  iat: ['GOVERNANCE.OIDC_TIME', 'the answer is from another time; compare the clocks of both'],
  nbf: ['GOVERNANCE.OIDC_TIME', 'the answer is not valid yet; compare the clocks of both'],
};

function explain(error: unknown, { name }: OidcProvider): unknown {
  if (AppError.is(error) || !(error instanceof Error)) return error;
  if (error instanceof openid.AuthorizationResponseError)
    return refused('GOVERNANCE.OIDC_DENIED', `it says ${error.error}`);
  if (error instanceof openid.ResponseBodyError)
    return refused('GOVERNANCE.OIDC_CODE', `it does not take the code back (${error.error})`);
  const chain = causesOf(error);
  const known = CLAIMS[claimOf(chain) ?? ''];
  if (known) return refused(known[0], known[1]);
  if (chain.some(({ message }) => /signature/i.test(message)))
    return refused('GOVERNANCE.OIDC_SIGNATURE', 'the signature of its answer does not hold');
  return refused('GOVERNANCE.OIDC_ANSWER', 'its answer does not hold');

  function refused(code: string, why: string): AppError {
    return errors.unauthenticated(code, `The login with ${name} failed: ${why}. Begin again.`, {
      cause: error,
    });
  }
}

/** An error and what caused it, down to the first cause. The library keeps details as a cause that is no error. */
function causesOf(error: unknown): { readonly message: string; readonly claim?: unknown }[] {
  const chain = [];
  for (let each = error; typeof each === 'object' && each !== null && chain.length < 5;) {
    chain.push({ message: '', ...each, ...(each instanceof Error ? { message: each.message } : {}) });
    each = (each as { cause?: unknown }).cause;
  }
  return chain;
}

/** The claim that does not hold: named in the details, or, where it is missing, in the sentence. */
function claimOf(chain: ReturnType<typeof causesOf>): string | undefined {
  for (const { claim, message } of chain) {
    const named = typeof claim === 'string' ? claim : /JWT "(\w+)"/.exec(message)?.[1];
    if (named !== undefined) return named;
  }
  return undefined;
}
