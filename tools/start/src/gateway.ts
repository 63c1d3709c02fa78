import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Services, type ServiceName } from '@steward/contracts';
import { createProxyServer } from 'http-proxy-3';
import type { ServiceAddress } from './service-address';
import { ConsoleFiles, CONSOLE_PATH } from './console-files';

/** Paths at the root that belong to a service, because other systems' clients expect them there. */
const ROOT_PATHS: readonly (readonly [string, ServiceName])[] = [
  ['/v2', 'inference'],
  ['/v1/models', 'inference'],
  ['/.well-known', 'governance'],
];

/** A service and the path that it sees: `/<service>/rest` loses its prefix. Null: nobody's. */
export function route(url: string): { service: ServiceName; url: string } | null {
  for (const service of Services) {
    if (url === `/${service}` || url.startsWith(`/${service}/`) || url.startsWith(`/${service}?`)) {
      const rest = url.slice(service.length + 1);
      return { service, url: rest.startsWith('/') ? rest : `/${rest}` };
    }
  }
  const owner = ROOT_PATHS.find(
    ([path]) => url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`),
  );
  return owner ? { service: owner[1], url } : null;
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', status, code, detail }));
}

/** The one local HTTP entry port: forwards to the services and says what there is. */
export class Gateway {
  private readonly proxy = createProxyServer({ xfwd: true, proxyTimeout: 120_000 });
  private readonly server: Server;

  constructor(
    private readonly addressOf: (service: ServiceName) => ServiceAddress,
    private readonly console: ConsoleFiles,
  ) {
    this.server = createServer((request, response) => this.handle(request, response));
  }

  /** Listens on 127.0.0.1 and returns the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.proxy.close();
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    if (ConsoleFiles.owns(request.url ?? '/')) {
      this.console.answer(request, response);
      return;
    }
    const target = route(request.url ?? '/');
    if (!target) {
      if (request.url === '/' || request.url === '') this.index(response);
      else
        problem(
          response,
          404,
          'GATEWAY.NOT_FOUND',
          `Nothing is here. Paths begin with ${Services.map((s) => `/${s}`).join(', ')}, or are /v2 and /v1/models.`,
        );
      return;
    }
    request.url = target.url;
    const { url, agent } = this.addressOf(target.service);
    this.proxy.web(
      request,
      response,
      { target: url, agent },
      (_error, _request, failed: ServerResponse | Socket) => {
        if (!('writeHead' in failed) || failed.headersSent) failed.destroy();
        else
          problem(
            failed,
            503,
            'GATEWAY.SERVICE_UNAVAILABLE',
            `${target.service} does not answer right now; it is being started again. Try again in a second.`,
          );
      },
    );
  }

  private index(response: ServerResponse): void {
    const rows = Services.map(
      (service) =>
        `<tr><td>${service}</td><td><a href="/${service}/docs">API</a></td><td><a href="/${service}/metrics">metrics</a></td><td><a href="/${service}/health/ready">health</a></td></tr>`,
    ).join('');
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
    response.end(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>Steward</title><style>body{font:16px system-ui;margin:3rem auto;max-width:40rem}td{padding:.3rem 1rem .3rem 0}</style><h1>Steward</h1><p><a href="${CONSOLE_PATH}/">The console</a></p><table>${rows}</table></html>`,
    );
  }
}
