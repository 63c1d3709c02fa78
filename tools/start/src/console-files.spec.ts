import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsoleFiles } from './console-files';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('the console at the entry port', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-console-'));
  let server: Server;

  beforeAll(async () => {
    mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.js'), 'secret');
    writeFileSync(join(folder, 'dist', 'index.html'), '<script nonce="__CSP_NONCE__"></script>');
    writeFileSync(join(folder, 'dist', 'assets', 'a-1.js'), 'console.log(1);'.repeat(99));
    writeFileSync(join(folder, 'dist', 'mark.svg'), '<svg/>');
    writeFileSync(join(folder, 'dist', 'notes.txt'), 'not served');
    const files = new ConsoleFiles(join(folder, 'dist'));
    server = createServer((incoming, response) => files.answer(incoming, response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  /** As it is, without the client's own tidying of paths. */
  const ask = (path: string, method = 'GET', headers = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        let body = '';
        response.on('data', (part: Buffer) => (body += part.toString('latin1')));
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      });
      call.on('error', reject).end();
    });

  it('knows what is its own', () => {
    expect(['/console', '/console/', '/console/x', '/console?a'].every((url) => ConsoleFiles.owns(url))).toBe(
      true,
    );
    expect(['/', '/consoles', '/governance/console'].some((url) => ConsoleFiles.owns(url))).toBe(false);
  });

  it('gives every page a policy with a nonce of its own and without unsafe words', async () => {
    const pages = [await ask('/console/'), await ask('/console/projects/x/runs?after=1')];
    const nonces = pages.map(({ status, headers, body }) => {
      const policy = String(headers['content-security-policy']);
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('no-store');
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/unsafe|\*|data:/);
      const nonce = /nonce-([^']+)'/.exec(policy)?.[1];
      expect(body).toBe(`<script nonce="${nonce}"></script>`);
      return nonce;
    });
    expect(new Set(nonces).size).toBe(2);
    expect((await ask('/console')).headers.location).toBe('/console/');
  });

  it('serves files with hashed names for ever, compressed for who takes it', async () => {
    const plain = await ask('/console/assets/a-1.js');
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    const zipped = await ask('/console/assets/a-1.js', 'GET', { 'accept-encoding': 'br, gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.body.length).toBeLessThan(plain.body.length / 4);
    expect((await ask('/console/mark.svg')).headers['cache-control']).toBe('no-cache');
    expect((await ask('/console/assets/a-1.js', 'HEAD')).body).toBe('');
  });

  it.each([
    '/console/../secret.js',
    '/console/..%2fsecret.js',
    '/console/assets/../../secret.js',
    '/console/%2e%2e/secret.js',
    '/console//etc/passwd',
    '/console/notes.txt',
    '/console/assets/gone-2.js',
    '/console/__proto__',
  ])('never leaves its folder: %s', async (path) => {
    const { body } = await ask(path);
    expect(body).not.toMatch(/secret|not served|root:/);
  });

  it('takes no changes, and says so when it is not built', async () => {
    expect((await ask('/console/', 'POST')).status).toBe(405);
    const empty = new ConsoleFiles(join(folder, 'nowhere'));
    const other = createServer((incoming, response) => empty.answer(incoming, response)).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => other.once('listening', resolve));
    const answer = await fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/console/`);
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('not built')]);
    await new Promise((resolve) => other.close(resolve));
  });
});
