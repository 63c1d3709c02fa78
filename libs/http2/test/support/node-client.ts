import { once } from 'node:events';
import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';

/** An answer as a client of node:http2 sees it. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of the reset, where there was one. */
  readonly code: number | undefined;
  readonly error: string | null;
}

/** A client that does everything right: that of node:http2. */
export class NodeClient {
  private constructor(readonly session: ClientHttp2Session) {
    session.on('error', () => undefined);
  }

  static async open(
    url: string,
    options: ClientSessionOptions & SecureClientSessionOptions = {},
  ): Promise<NodeClient> {
    // By default node:http2 refuses answers itself where requests of more than 10 MiB are waiting.
    const client = new NodeClient(connect(url, { maxSessionMemory: 1_000, ...options }));
    const { session } = client;
    await Promise.all([once(session, 'connect'), once(session, 'remoteSettings')]);
    return client;
  }

  begin(path: string, headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream {
    return this.session.request({ ':method': 'POST', ':path': path, ...headers }, { endStream: false });
  }

  async call(path: string, body: Buffer = Buffer.alloc(0)): Promise<Answer> {
    const stream = this.begin(path);
    const answer = NodeClient.answerOf(stream);
    stream.end(body);
    return await answer;
  }

  /** Resolves when the stream is closed, whatever became of it. */
  static async answerOf(stream: ClientHttp2Stream): Promise<Answer> {
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    let error: string | null = null;
    const chunks: Buffer[] = [];
    stream.on('response', (came) => (headers = came));
    stream.on('trailers', (came) => (trailers = came));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', ({ message }) => (error = message));
    await new Promise((resolve) => stream.once('close', resolve));
    const { rstCode: code } = stream;
    const status = headers[':status'] as number | undefined;
    return { status, headers, trailers, body: Buffer.concat(chunks), code, error };
  }

  async close(): Promise<void> {
    if (!this.session.destroyed) await new Promise<void>((resolve) => this.session.close(resolve));
  }
}
