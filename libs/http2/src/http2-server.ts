import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type Server as TlsServer,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { Http2Connection, type ConnectionHost } from './connection';
import { withDefaults, type Http2Limits } from './limits';

/** Whom a server serves, and how. */
export interface Http2ServerOptions extends Pick<ConnectionHost, 'onCall' | 'onFault'> {
  readonly limits?: Http2Limits;
  /** With it the server speaks TLS, and HTTP/2 alone (`h2` by ALPN). */
  readonly tls?: TlsOptions;
  /** A connection ended for this reason of the server's, one of `CODE`; NO_ERROR where the server had none. */
  readonly onClose?: (code: number) => void;
}

/** An HTTP/2 server on plain sockets or TLS; see the README for what it is for. */
export class Http2Server {
  private readonly server: Server;
  private readonly connections = new Set<Http2Connection>();
  private readonly host: ConnectionHost;
  /** All sockets of TLS, of which those whose handshake goes on are no connections yet. */
  private readonly sockets = new Set<Socket>();
  private timer: NodeJS.Timeout | undefined;
  private closing = false;

  constructor({ limits = {}, tls, onCall, onFault, onClose }: Http2ServerOptions) {
    this.host = {
      limits: withDefaults(limits),
      onCall,
      onFault,
      onClose: (connection, code) => {
        this.connections.delete(connection);
        onClose?.(code);
      },
    };
    this.server = tls ? this.secure(tls) : createServer((socket) => this.accept(socket));
  }

  /** How many connections stand. */
  get size(): number {
    return this.connections.size;
  }

  /** Resolves with the port; rejects where it cannot listen. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, () => {
        this.server.off('error', reject);
        // A connection could not be accepted; others can.
        this.server.on('error', this.host.onFault);
        resolve();
      });
    });
    this.timer = setInterval(() => {
      for (const connection of this.connections) connection.look();
    }, this.host.limits.keepaliveMs);
    this.timer.unref();
    return (this.server.address() as AddressInfo).port;
  }

  /** The certificate from now on; connections that stand go on. */
  renew(options: SecureContextOptions): void {
    (this.server as TlsServer).setSecureContext(options);
  }

  /** Takes no more calls, lets those that run end for so long, then ends them. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.timer);
    this.closing = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.connections) connection.leave();
    const timer = setTimeout(() => {
      for (const connection of this.connections) connection.destroy();
      for (const socket of this.sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
    // The last sockets are closed, but have not said so yet.
    for (const { socket } of this.connections) await new Promise((resolve) => socket.once('close', resolve));
  }

  private secure(tls: TlsOptions): TlsServer {
    const handshakeTimeout = this.host.limits.keepaliveMs;
    const options = { handshakeTimeout, ...tls, ALPNProtocols: ['h2'] };
    const server = createTlsServer(options, (socket: TLSSocket) => {
      if (socket.alpnProtocol === 'h2') this.accept(socket);
      else socket.destroy();
    });
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    // A handshake that failed is the caller's affair; its socket is closed.
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }

  private accept(socket: Socket): void {
    const connection = new Http2Connection(socket, this.host);
    this.connections.add(connection);
    if (this.closing) connection.leave();
  }
}
