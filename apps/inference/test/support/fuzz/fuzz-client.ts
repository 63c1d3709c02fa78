import type { status } from '@grpc/grpc-js';
import http from 'node:http';
import http2 from 'node:http2';
import { connect as connectSocket } from 'node:net';
import type { FuzzCase } from './fuzz-cases';

/** How a server took a case: the status, or that the caller gave up as it meant to. */
export type Outcome =
  | { readonly kind: 'http'; readonly status: number; readonly body: string }
  | { readonly kind: 'grpc'; readonly status: status; readonly message: string }
  | { readonly kind: 'given-up' }
  | { readonly kind: 'cut'; readonly why: string };

/** No answer within this time is a fault of the server: its own limit of a call is 30 s. */
const PATIENCE_MS = 25_000;

/**
 * How long a connection is kept that nobody uses, and what makes the agent heed a server that keeps it shorter
 * (`keep-alive: timeout=65`): an agent without a limit of its own keeps each until the server ends it, and a request that
 * takes it in that moment meets a closed connection (RFC 9112, 9.5), which is not the server's fault.
 */
const IDLE_MS = 30_000;

/** In how many pieces a slow caller sends. */
const PIECES = 10;

/** Sends cases as they are, on connections that are kept. */
export class FuzzClient {
  private readonly agent: http.Agent;
  private session: http2.ClientHttp2Session | null = null;
  /**
   * For calls that are reset: nghttp2 ends a connection with more than 33 resets a second for long (CVE-2023-44487), and
   * with it every call on it.
   */
  private resetting: http2.ClientHttp2Session | null = null;

  constructor(
    private readonly httpPort: number,
    private readonly grpcPort: number,
    private readonly authorization: string,
    idleMs = IDLE_MS,
  ) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 32, timeout: idleMs });
  }

  send(fuzz: FuzzCase): Promise<Outcome> {
    if (fuzz.kind === 'rest') return this.rest(fuzz);
    if (fuzz.kind === 'slow') return this.slow(fuzz);
    return fuzz.kind === 'rpc' ? this.rpc(fuzz) : this.socket(fuzz);
  }

  close(): void {
    this.agent.destroy();
    this.session?.destroy();
    this.resetting?.destroy();
  }

  private rest({ method, path, headers, body }: FuzzCase & { kind: 'rest' }): Promise<Outcome> {
    return new Promise((resolve) => {
      const request = http.request(
        {
          agent: this.agent,
          host: '127.0.0.1',
          port: this.httpPort,
          method,
          path,
          headers: { ...headers, authorization: this.authorization, 'content-length': body.length },
          timeout: PATIENCE_MS,
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', (error) => resolve({ kind: 'cut', why: error.message }));
          response.on('end', () =>
            resolve({
              kind: 'http',
              status: response.statusCode ?? 0,
              body: Buffer.concat(parts).toString('latin1').slice(0, 300),
            }),
          );
        },
      );
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', (error) => resolve({ kind: 'cut', why: error.message }));
      request.end(body);
    });
  }

  private slow({ method, path, body, gapMs }: FuzzCase & { kind: 'slow' }): Promise<Outcome> {
    const head = `${method} ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${this.authorization}\r\n`;
    const length = `content-length: ${body.length}\r\nconnection: close\r\n\r\n`;
    const bytes = Buffer.concat([Buffer.from(head + length), body]);
    const size = Math.ceil(bytes.length / PIECES);
    return new Promise((resolve) => {
      const socket = connectSocket(this.httpPort, '127.0.0.1');
      let seen = '';
      let at = 0;
      const write = (): void => {
        if (at >= bytes.length) return;
        socket.write(bytes.subarray(at, (at += size)));
        setTimeout(write, gapMs);
      };
      socket.setTimeout(PATIENCE_MS, () => socket.destroy());
      socket.on('data', (part) => (seen += part.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(seen)?.[1]);
        resolve(
          status > 0
            ? { kind: 'http', status, body: seen.slice(0, 300) }
            : { kind: 'cut', why: `closed after ${at} of ${bytes.length} bytes` },
        );
      });
      write();
    });
  }

  private connection(which: 'session' | 'resetting'): http2.ClientHttp2Session {
    const kept = this[which];
    if (kept && !kept.closed && !kept.destroyed) return kept;
    const session = http2.connect(`http://127.0.0.1:${this.grpcPort}`);
    session.on('error', () => session.destroy());
    session.setMaxListeners(0);
    this[which] = session;
    return session;
  }

  private rpc({ path, data, reset, encoding }: FuzzCase & { kind: 'rpc' }): Promise<Outcome> {
    return new Promise((resolve) => {
      const stream = this.connection(reset ? 'resetting' : 'session').request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        authorization: this.authorization,
        ...(encoding === undefined ? {} : { 'grpc-encoding': encoding }),
      });
      const seen: http2.IncomingHttpHeaders = {};
      const take = (headers: http2.IncomingHttpHeaders): void => void Object.assign(seen, headers);
      stream.on('response', take);
      stream.on('trailers', take);
      stream.on('error', () => undefined);
      stream.setTimeout(PATIENCE_MS, () => stream.close(http2.constants.NGHTTP2_CANCEL));
      stream.on('close', () => {
        const status = seen['grpc-status'];
        if (status !== undefined)
          resolve({
            kind: 'grpc',
            status: Number(status),
            message: decodeURIComponent(String(seen['grpc-message'] ?? '')),
          });
        else if (reset) resolve({ kind: 'given-up' });
        else resolve({ kind: 'cut', why: `stream closed with ${stream.rstCode}` });
      });
      stream.resume();
      if (!reset) stream.end(data);
      else stream.write(data, () => stream.close(http2.constants.NGHTTP2_CANCEL));
    });
  }

  private socket({ port, data, holdMs }: FuzzCase & { kind: 'socket' }): Promise<Outcome> {
    return new Promise((resolve) => {
      const socket = connectSocket(port === 'http' ? this.httpPort : this.grpcPort, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => resolve({ kind: 'given-up' }));
      socket.resume();
      socket.write(data);
      setTimeout(() => socket.destroy(), holdMs);
    });
  }
}
