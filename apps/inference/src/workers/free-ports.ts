import { createServer, type AddressInfo } from 'node:net';

/** The port as it was given; where it is 0, one that was free a moment ago: workers must all name the same. */
export async function settledPort(host: string, port: number): Promise<number> {
  if (port !== 0) return port;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port: free } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return free;
}
