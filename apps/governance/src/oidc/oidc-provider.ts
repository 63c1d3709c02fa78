import { isName } from '@steward/kernel';
import { z } from 'zod';

/** A provider of identities that people may log in with. */
export const OidcProvider = z.strictObject({
  id: z.string().refine(isName, 'lower-case letters, digits and hyphens'),
  /** As people know it: what stands on the button. */
  name: z.string().min(1).max(100),
  issuer: z.url(),
  clientId: z.string().min(1).max(500),
  /** Absent: a public client, which PKCE alone protects. */
  clientSecret: z.string().min(1).max(1_000).optional(),
  scope: z.string().max(500).default('openid profile email'),
  /** The claim that lists a person's groups. */
  groupsClaim: z.string().min(1).max(200).default('groups'),
});
export type OidcProvider = z.output<typeof OidcProvider>;

/** The providers of this installation, and where governance is as browsers see it. */
export abstract class OidcSettings {
  abstract readonly providers: readonly OidcProvider[];
  /** `https://steward.example.org/governance`; null: nobody can come back, so no provider works. */
  abstract readonly publicUrl: string | null;
}

/** What a provider says of a person once everything about its word has been checked. */
export interface OidcClaims {
  readonly subject: string;
  readonly preferredName: string | null;
  readonly displayName: string | null;
  readonly groups: readonly string[];
  /** How the person was authenticated there (RFC 8176). */
  readonly methods: readonly string[];
}

/** A login that waits for the browser to come back. */
export interface PendingLogin {
  readonly provider: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly browserDigest: string;
  readonly returnTo: string;
}

/** Only a path of this origin: an absolute address would send people away with what they believe to be our page. */
export function safeReturnPath(wish: string | undefined): string {
  return wish !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(wish) && !wish.includes('\\') ? wish : '/';
}

/** A login name made of what the provider says, in the form that names have here. */
export function localName(claims: OidcClaims, provider: string): string {
  const base = (claims.preferredName ?? claims.subject).replaceAll(/[^A-Za-z0-9._@-]/g, '-').slice(0, 60);
  return `${/^[A-Za-z]/.test(base) ? base : `u-${base}`}.${provider}`.slice(0, 100);
}

/** True if the provider asked for more than a password. */
export const usedSecondFactor = ({ methods }: OidcClaims): boolean =>
  methods.some((method) => ['mfa', 'otp', 'hwk'].includes(method));
