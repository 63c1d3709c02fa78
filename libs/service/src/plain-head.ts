import type { IncomingHttpHeaders } from 'node:http';

/** The head of a plain request. */
export interface PlainHead {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the body, by content-length. */
  readonly bodyBytes: number;
}

const REQUEST_LINE = /^POST (\/[!-~]*) HTTP\/1\.1$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([!-~](?:[ -~]*[!-~])?)$/;
/** What asks for more than one answer to one message, or says whose message it is. */
const NOT_PLAIN: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
]);

/**
 * Reads the head of a POST whose every octet means one thing: HTTP/1.1, a path, printable ASCII, each header once, a host and
 * a content-length. Null for all else, which is for Node.js to understand or to refuse.
 *
 * @param text the head without the empty line that ends it, octets as latin1
 */
export function plainHead(text: string): PlainHead | null {
  const [first = '', ...lines] = text.split('\r\n');
  const line = REQUEST_LINE.exec(first);
  if (!line) return null;
  const headers = Object.create(null) as Record<string, string>;
  for (const each of lines) {
    const field = FIELD.exec(each);
    if (!field) return null;
    const name = field[1]!.toLowerCase();
    const value = field[2]!;
    const keepsAlive = name === 'connection' && value.toLowerCase() === 'keep-alive';
    if (name in headers || (NOT_PLAIN.has(name) && !keepsAlive)) return null;
    headers[name] = value;
  }
  const length = headers['content-length'];
  if (headers['host'] === undefined || length === undefined || !/^\d{1,9}$/.test(length)) return null;
  return { method: 'POST', url: line[1]!, headers, bodyBytes: Number(length) };
}
