import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** A provider whose word is what the test says: for answers that an honest one never gives. */
export class CrookedProvider {
  /** Claims of the next id token that differ from the right ones; times in seconds from now. */
  claims: Record<string, unknown> = {};
  times = { iat: 0, exp: 300 };
  /** True: signed with a key that is not published. */
  forged = false;
  /** What an authorisation request said last. */
  asked = new URLSearchParams();
  private readonly server: Server = createServer();
  private keys!: { own: PrivateKey; other: PrivateKey; jwk: JWK };

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    const [own, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
    const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
    this.keys = { own: own.privateKey, other: other.privateKey, jwk };
    this.server.on('request', (request, response) => {
      void this.answer(request.url ?? '/').then((body) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(url: string): Promise<object> {
    const { issuer } = this;
    if (url.startsWith('/.well-known'))
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      };
    if (url.startsWith('/jwks')) return { keys: [this.keys.jwk] };
    return { access_token: 'x', token_type: 'Bearer', id_token: await this.idToken() };
  }

  private idToken(): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: this.issuer,
      aud: 'steward',
      sub: 'crook',
      nonce: this.asked.get('nonce'),
      iat: now + this.times.iat,
      exp: now + this.times.exp,
      ...this.claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .sign(this.forged ? this.keys.other : this.keys.own);
  }
}
