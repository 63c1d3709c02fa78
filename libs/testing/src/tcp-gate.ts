import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A way to a server on this machine that can be cut and mended, as a network can: the server itself, and all others that
 * use it, notice nothing. While it is cut, connections break and new ones are reset.
 */
export class TcpGate {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly target: URL,
    private readonly server: Server,
  ) {}

  /** Opens a way to the host and port of `target` on a free port of 127.0.0.1. */
  static async to(target: string): Promise<TcpGate> {
    const server = createServer();
    const gate = new TcpGate(new URL(target), server);
    server.on('connection', (socket) => gate.pass(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  /** The target's URL through this gate. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  /** Breaks all connections and lets none through until {@link mend}. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  private pass(near: Socket): void {
    if (this.isCut) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(this.target.port), this.target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
