import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Where the gateway serves the console. */
export const CONSOLE_PATH = '/console';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What Vite writes in place of the nonce of a page. */
const NONCE = '__CSP_NONCE__';
const YEAR_SECONDS = 31_536_000;
const COMPRESSED = new Set(['.css', '.js', '.svg']);

interface ConsoleFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly zipped: Buffer | null;
  /** Its name holds the digest of its bytes, so it never changes. */
  readonly immutable: boolean;
}

/**
 * The policy of a page: scripts, data and pictures of this origin alone. Style elements need the page's nonce (Mantine
 * writes its variables into one); nothing is inline otherwise.
 */
export function consolePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'none'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    // Reports, which are looked at in a frame that runs nothing.
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * The built console. All files are read once and found by their exact path, so that no request can name a file outside;
 * any other path below `/console/` is a page of the application, which routes in the browser.
 */
export class ConsoleFiles {
  private readonly files = new Map<string, ConsoleFile>();
  private readonly page: string | null;

  /** @param folder what `vite build` wrote; where it is missing, the console says that it is not built. */
  constructor(folder: string) {
    const index = join(folder, 'index.html');
    this.page = existsSync(index) ? readFileSync(index, 'utf8') : null;
    if (this.page === null) return;
    for (const file of filesBelow(folder)) {
      const name = `/${relative(folder, file).split(sep).join('/')}`;
      const extension = extname(file);
      const type = TYPES[extension];
      if (!type || name === '/index.html') continue;
      const bytes = readFileSync(file);
      const zipped = COMPRESSED.has(extension) ? gzipSync(bytes, { level: 9 }) : null;
      this.files.set(name, { type, bytes, zipped, immutable: name.startsWith('/assets/') });
    }
  }

  /** True if the path is the console's. */
  static owns(url: string): boolean {
    return url === CONSOLE_PATH || url.startsWith(`${CONSOLE_PATH}/`) || url.startsWith(`${CONSOLE_PATH}?`);
  }

  /** Answers a request for a path that the console {@link owns}. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'same-origin');
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-resource-policy', 'same-origin');
    response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const path = (request.url ?? '').split('?', 1)[0]!.slice(CONSOLE_PATH.length);
    const file = this.files.get(path);
    if (file) sendFile(file, request, response);
    else if (path === '') response.writeHead(308, { location: `${CONSOLE_PATH}/` }).end();
    else if (path.startsWith('/assets/') || this.page === null) this.missing(response);
    else sendPage(this.page, request, response);
  }

  private missing(response: ServerResponse): void {
    const sentence =
      this.page === null
        ? 'The console is not built. Build it with: npx nx build console'
        : 'This part of the console is gone: a newer version was installed. Load the page again.';
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    response.end(`${sentence}\n`);
  }
}

function* filesBelow(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

function sendFile(file: ConsoleFile, request: IncomingMessage, response: ServerResponse): void {
  const takesZip = /\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '');
  const zipped = takesZip ? file.zipped : null;
  const body = zipped ?? file.bytes;
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': body.length,
    'cache-control': file.immutable ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
    'content-security-policy': "default-src 'none'",
    vary: 'accept-encoding',
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Every page gets a nonce of its own, so it must never come from a cache. */
function sendPage(page: string, request: IncomingMessage, response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'content-type': TYPES['.html'],
    'cache-control': 'no-store',
    'content-security-policy': consolePolicy(nonce),
  });
  response.end(request.method === 'HEAD' ? undefined : page.replaceAll(NONCE, nonce));
}
