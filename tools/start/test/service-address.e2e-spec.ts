import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ConsoleFiles } from '../src/console-files';
import { Gateway } from '../src/gateway';
import { ask, serviceAddress } from '../src/service-address';

const at = (name: string): string => join(__dirname, '../../../libs/service/test/certificates', name);
const settings = { STEWARD_TRAINING_TLS_CERT: at('server.pem'), STEWARD_TRAINING_TLS_KEY: at('server.key') };

describe('the address of a service', () => {
  const server = createServer(
    {
      cert: readFileSync(at('server.pem')),
      key: readFileSync(at('server.key')),
      ca: readFileSync(at('authority.pem')),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => response.end(`${request.url} over TLS`),
  );
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());

  it('is plain HTTP without a certificate', () => {
    expect(serviceAddress('training', 4711, {})).toEqual({ url: 'http://127.0.0.1:4711' });
  });

  it('trusts the certificate of the settings and shows it, and no other', async () => {
    expect(await ask(serviceAddress('training', port, settings), '/health')).toEqual({
      ok: true,
      text: '/health over TLS',
    });
    const other = { ...settings, STEWARD_TRAINING_TLS_CERT: at('server-renewed.pem') };
    const withKey = { ...other, STEWARD_TRAINING_TLS_KEY: at('server-renewed.key') };
    await expect(ask(serviceAddress('training', port, withKey), '/health')).rejects.toThrow(/certificate/);
  });

  it('is where the gateway forwards to', async () => {
    const gateway = new Gateway(
      (service) => serviceAddress(service, port, settings),
      new ConsoleFiles(join(__dirname, 'no-console')),
    );
    const entry = await gateway.listen(0);
    try {
      const answer = await fetch(`http://127.0.0.1:${entry}/training/v1/runs`);
      expect([answer.status, await answer.text()]).toEqual([200, '/v1/runs over TLS']);
    } finally {
      await gateway.close();
    }
  });
});
