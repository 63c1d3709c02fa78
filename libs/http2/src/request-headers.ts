import type { IncomingHttpHeaders } from 'node:http2';
import type { HeaderList } from './hpack/hpack-decoder';

/** The headers of a call, and the length of its body where it says so. */
export interface RequestHeaders {
  readonly headers: IncomingHttpHeaders;
  /** By content-length; -1: it does not say. */
  readonly bytes: number;
}

const PSEUDO: ReadonlySet<string> = new Set([':method', ':scheme', ':path', ':authority']);
/** Of the connection, which HTTP/2 has no headers for (RFC 9113, section 8.2.2). */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
/** Of these the first counts, as in node:http2; others that come twice are joined. */
const SINGLE: ReadonlySet<string> = new Set(['authorization', 'content-type', 'host', 'user-agent']);
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// oxlint-disable-next-line no-control-regex -- these are what a value must not hold
const NO_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/;

/** The decoder gives the same list for the same block: most calls of a connection have one that was seen before. */
const known = new WeakMap<HeaderList, RequestHeaders | { readonly malformed: true }>();

/** The headers as node:http2 gives them; null where the request is malformed (RFC 9113, sections 8.2 and 8.3). */
export function requestHeaders(list: HeaderList): RequestHeaders | null {
  let made = known.get(list);
  if (made === undefined) known.set(list, (made = read(list) ?? { malformed: true }));
  return 'malformed' in made ? null : made;
}

function read(list: HeaderList): RequestHeaders | null {
  const headers = Object.create(null) as Record<string, string>;
  let regular = false;
  for (let at = 0; at < list.length; at += 2) {
    const name = list[at]!;
    const value = list[at + 1]!;
    if (NO_VALUE.test(value)) return null;
    if (name.charCodeAt(0) === 58) {
      if (regular || !PSEUDO.has(name) || name in headers) return null;
      headers[name] = value;
      continue;
    }
    regular = true;
    if (!isRegular(name, value)) return null;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (name === 'content-length' && value !== before) return null;
    else if (!SINGLE.has(name) && name !== 'content-length')
      headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  const length = headers['content-length'];
  if (!headers[':method'] || !headers[':scheme'] || !headers[':path']) return null;
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return null;
  return { headers, bytes: length === undefined ? -1 : Number(length) };
}

/** Whether these may stand behind the body of a request (RFC 9113, section 8.1). */
export function areTrailers(list: HeaderList): boolean {
  for (let at = 0; at < list.length; at += 2)
    if (NO_VALUE.test(list[at + 1]!) || !isRegular(list[at]!, list[at + 1]!)) return false;
  return true;
}

function isRegular(name: string, value: string): boolean {
  return NAME.test(name) && !OF_THE_CONNECTION.has(name) && (name !== 'te' || value === 'trailers');
}
