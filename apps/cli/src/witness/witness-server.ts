import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Witness } from '@steward/audit-log';

/** A request holds 63 hashes and a checkpoint; more is a mistake. */
const MOST_BODY_BYTES = 64 * 1024;
const WAIT_MS = 10_000;

/** Answers `POST /add-checkpoint` of C2SP tlog-witness over HTTP. */
export class WitnessServer {
  private readonly server: Server;

  constructor(
    private readonly witness: Witness,
    /** Hears of each answer: status and first line. */
    private readonly answered: (status: number, said: string) => void,
  ) {
    this.server = createServer({ requestTimeout: WAIT_MS, headersTimeout: WAIT_MS }, (request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        this.say(response, 500, 'text/plain; charset=utf-8', 'The witness cannot cosign right now.\n');
        this.answered(500, String(error));
      });
    });
  }

  /** Returns the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url !== '/add-checkpoint')
      return this.say(response, 404, 'text/plain; charset=utf-8', 'Only POST /add-checkpoint is here.\n');
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > MOST_BODY_BYTES)
        return this.say(response, 413, 'text/plain; charset=utf-8', 'The request is too large.\n');
      parts.push(part);
    }
    const { status, type, body } = this.witness.addCheckpoint(Buffer.concat(parts).toString('utf8'));
    this.say(response, status, type, body);
    this.answered(status, body.split('\n')[0]!);
  }

  private say(response: ServerResponse, status: number, type: string, body: string): void {
    response.writeHead(status, { 'content-type': type, connection: status === 413 ? 'close' : 'keep-alive' });
    response.end(body);
  }
}
