import { createHmac } from 'node:crypto';
import { constantTimeEqual } from '@steward/kernel';

/** The cookie that carries a browser's session: HttpOnly, SameSite=Strict, for every path of the entry port. */
export const SESSION_COOKIE = 'steward_session';
/** Where the browser repeats the CSRF token on every call that may change something. */
export const CSRF_HEADER = 'x-csrf-token';
/** Methods that change nothing (RFC 9110 §9.2.1) and so need no CSRF token. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** A session as a browser shows it: by cookie, which it also sends when another site makes it call. */
export interface SessionCredential {
  readonly sessionToken: string;
  /** From the header; undefined where there is none. */
  readonly csrfToken: string | undefined;
  /** True for methods that change nothing. */
  readonly safe: boolean;
}

/** What a caller proves himself with: `Bearer <token or key>`, a bare key, or a browser's session. */
export type Credential = string | SessionCredential;

/** The part of an HTTP request in which credentials stand. Header names are in lower case. */
export interface CredentialSource {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * The credential of a request: `authorization`, else `x-api-key`, else the session cookie. A header that is named
 * explicitly wins, because no other site can make a browser send it. Undefined: there is none.
 */
export function credentialOf({ method, headers }: CredentialSource): Credential | undefined {
  const named = one(headers['authorization']) ?? one(headers['x-api-key']);
  if (named !== undefined) return named;
  const sessionToken = sessionCookieOf(headers['cookie']);
  if (sessionToken === undefined) return undefined;
  return { sessionToken, csrfToken: one(headers[CSRF_HEADER]), safe: SAFE_METHODS.has(method) };
}

/** The session's token in a `cookie` header. Undefined where there is none, or more than one, as after cookie tossing. */
export function sessionCookieOf(header: string | string[] | undefined): string | undefined {
  const found = [header ?? []]
    .flat()
    .flatMap((line) => line.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    .map((pair) => pair.slice(SESSION_COOKIE.length + 1));
  return found.length === 1 && found[0] !== '' ? found[0] : undefined;
}

/**
 * The CSRF token that belongs to a session: HMAC-SHA-256 under the session's own token, which a page of another site
 * cannot read. Every service can check it without knowing anything but the cookie.
 */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('steward csrf v1').digest('base64url');
}

/** Compares in constant time. */
export function csrfTokenMatches({ sessionToken, csrfToken }: SessionCredential): boolean {
  return csrfToken !== undefined && constantTimeEqual(csrfToken, csrfTokenOf(sessionToken));
}

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;
