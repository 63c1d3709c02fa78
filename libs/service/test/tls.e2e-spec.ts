import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { connect as http2Connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import {
  Client,
  credentials,
  Metadata,
  status,
  type ChannelCredentials,
  type ServiceError,
} from '@grpc/grpc-js';
import { InMemoryPolicyStore } from '@steward/access/testing';
import { eventually } from '@steward/testing';
import { createApplication, makeLogger, RunningService, ServerTls } from '../src';
import { InMemoryInfrastructure, SampleModule } from './sample-app';

const pem = (name: string): Buffer => readFileSync(join(__dirname, 'certificates', name));
const AUTHORITY = pem('authority.pem');
const pair = (name: string) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });

/** A service of the sample with certificates in a folder of its own. */
class TlsHouse {
  readonly policy = new InMemoryPolicyStore();
  readonly apiKey: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'steward-tls-'));
  private running: RunningService | undefined;

  constructor(private readonly mutual: boolean) {
    this.policy.addProjects('lending');
    this.policy.addPrincipal('u-eve', [{ role: 'ml-engineer', project: 'lending' }]);
    this.apiKey = this.policy.addApiKey('u-eve');
    this.install('server');
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  install(name: string): void {
    copyFileSync(join(__dirname, 'certificates', `${name}.pem`), this.file('cert.pem'));
    copyFileSync(join(__dirname, 'certificates', `${name}.key`), this.file('key.pem'));
  }

  async start(): Promise<void> {
    writeFileSync(this.file('ca.pem'), AUTHORITY);
    const files = {
      cert: this.file('cert.pem'),
      key: this.file('key.pem'),
      clientCa: this.mutual ? this.file('ca.pem') : null,
    };
    const logger = makeLogger('training', 'silent');
    const app = await createApplication({
      service: 'training',
      logger,
      http: {},
      infrastructure: [InMemoryInfrastructure],
      root: SampleModule,
      policy: this.policy,
      tls: ServerTls.open(files, logger),
    });
    this.running = await RunningService.start('training', app, {
      host: '127.0.0.1',
      httpPort: 0,
      grpcPort: 0,
    });
  }

  get httpPort(): number {
    return this.running!.httpPort;
  }

  get grpcPort(): number {
    return this.running!.grpcPort;
  }

  async close(): Promise<void> {
    await this.running?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An unmodified grpc-js client; resolves with the answer, or with the error. */
  async call(channel: ChannelCredentials, apiKey?: string): Promise<unknown> {
    const client = new Client(`localhost:${this.grpcPort}`, channel);
    const metadata = new Metadata();
    if (apiKey !== undefined) metadata.set('authorization', `Bearer ${apiKey}`);
    try {
      return await new Promise((resolve) =>
        client.makeUnaryRequest(
          '/steward.sample.v1.SampleService/GetRun',
          (value: unknown) => Buffer.from(JSON.stringify(value)),
          (bytes: Buffer) => JSON.parse(bytes.toString()) as unknown,
          { project: 'lending', run: '1' },
          metadata,
          { deadline: Date.now() + 5_000 },
          (error: ServiceError | null, answer?: unknown) => resolve(error ?? answer),
        ),
      );
    } finally {
      client.close();
    }
  }

  /** REST over HTTPS: the status, or what the connection failed with. */
  get(options: { cert?: Buffer; key?: Buffer; apiKey?: string; ca?: Buffer }): Promise<number | string> {
    const { apiKey, ca = AUTHORITY, ...own } = options;
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    return new Promise((resolve) => {
      const agent = new Agent({ ...own, ca, keepAlive: false });
      const url = `https://localhost:${this.httpPort}/v1/projects/lending/runs`;
      const call = httpsRequest(url, { agent, headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      call.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      call.end();
    });
  }

  /** Who the server on the port says it is, and how the connection speaks. */
  async meets(port: number, more: object = {}): Promise<{ name: string; protocol: string; alpn: unknown }> {
    const socket: TLSSocket = connect({ port, host: 'localhost', ca: AUTHORITY, ...more });
    try {
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
      const { CN } = socket.getPeerCertificate().subject as { CN: string };
      return { name: CN, protocol: socket.getProtocol()!, alpn: socket.alpnProtocol };
    } finally {
      socket.destroy();
    }
  }
}

describe('servers with a certificate', () => {
  const house = new TlsHouse(false);
  beforeAll(() => house.start());
  afterAll(() => house.close());

  it('answer gRPC and REST to who trusts their authority, and ask for the credential as ever', async () => {
    const channel = credentials.createSsl(AUTHORITY);
    expect(await house.call(channel, house.apiKey)).toMatchObject({ run: '1', by: 'u-eve' });
    expect(await house.call(channel)).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await house.get({ apiKey: house.apiKey })).toBe(200);
    expect(await house.get({})).toBe(401);
  });

  it('speak TLS 1.3, 1.2 where the caller knows no better, nothing older, and h2 for gRPC', async () => {
    const gRPC = { ALPNProtocols: ['h2'] };
    expect(await house.meets(house.grpcPort, gRPC)).toEqual({
      name: 'server',
      protocol: 'TLSv1.3',
      alpn: 'h2',
    });
    expect((await house.meets(house.httpPort, { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2');
    // Security level 0: the client would take TLS 1.1, so the refusal is the server's.
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(house.meets(house.httpPort, old)).rejects.toThrow(/alert protocol version|unsupported/i);
    await expect(house.meets(house.grpcPort, { ...old, ...gRPC })).rejects.toThrow(/version|unsupported/i);
  });

  it('do not answer plain text, nor who does not trust them', async () => {
    await expect(fetch(`http://127.0.0.1:${house.httpPort}/health/live`)).rejects.toThrow('fetch failed');
    const plain = await house.call(credentials.createInsecure(), house.apiKey);
    expect(plain).toMatchObject({ code: status.UNAVAILABLE });
    expect(await house.get({ apiKey: house.apiKey, ca: pem('client-foreign.pem') })).toMatch(
      /VERIFY|SELF_SIGNED|ISSUER/,
    );
  });

  it('renew the certificate without a restart; connections that stand go on', async () => {
    const session = http2Connect(`https://localhost:${house.grpcPort}`, { ca: AUTHORITY });
    await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
    // Half a renewal changes nothing: this key is not that certificate's.
    copyFileSync(join(__dirname, 'certificates', 'server-renewed.pem'), house.file('cert.pem'));
    expect((await house.meets(house.httpPort)).name).toBe('server');
    house.install('server-renewed');
    await eventually(async () => {
      expect((await house.meets(house.httpPort)).name).toBe('server-renewed');
      expect((await house.meets(house.grpcPort, { ALPNProtocols: ['h2'] })).name).toBe('server-renewed');
    });
    expect((await house.meets(house.httpPort, { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2');
    expect(await new Promise((resolve) => session.ping((error) => resolve(error)))).toBeNull();
    session.destroy();
    expect(await house.call(credentials.createSsl(AUTHORITY), house.apiKey)).toMatchObject({ run: '1' });
  });
});

describe('servers that ask for client certificates', () => {
  const house = new TlsHouse(true);
  beforeAll(() => house.start());
  afterAll(() => house.close());

  const ssl = (name: string): ChannelCredentials => {
    const { cert, key } = pair(name);
    return credentials.createSsl(AUTHORITY, key, cert);
  };

  it('hear who has one; it opens the connection, and is nobody by itself', async () => {
    expect(await house.call(ssl('client'), house.apiKey)).toMatchObject({ run: '1', by: 'u-eve' });
    expect(await house.call(ssl('client'))).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await house.get({ ...pair('client'), apiKey: house.apiKey })).toBe(200);
    expect(await house.get(pair('client'))).toBe(401);
  });

  it('do not hear who has none, one of another authority, or an expired one', async () => {
    const refused = { code: status.UNAVAILABLE };
    expect(await house.call(credentials.createSsl(AUTHORITY), house.apiKey)).toMatchObject(refused);
    for (const name of ['client-foreign', 'client-expired']) {
      expect(await house.call(ssl(name), house.apiKey)).toMatchObject(refused);
      expect(await house.get({ ...pair(name), apiKey: house.apiKey })).not.toEqual(expect.any(Number));
    }
    expect(await house.get({ apiKey: house.apiKey })).not.toEqual(expect.any(Number));
  });
});

describe('ServerTls.open', () => {
  const at = (name: string): string => join(__dirname, 'certificates', name);
  const open = (files: { cert: string; key: string }) =>
    ServerTls.open({ ...files, clientCa: null }, makeLogger('training', 'silent'));

  it('says which file is at fault', () => {
    expect(() => open({ cert: at('server.pem'), key: at('client.key') })).toThrow(
      'The private key is not that of the certificate.',
    );
    expect(() => open({ cert: at('none.pem'), key: at('server.key') })).toThrow(
      'The file of the certificate cannot be read: ENOENT.',
    );
    expect(() => open({ cert: at('server.key'), key: at('server.key') })).toThrow(
      'The file of the certificate holds none in PEM form.',
    );
    expect(() => open({ cert: at('server.pem'), key: at('server.pem') })).toThrow(
      'The file of the private key holds none in PEM form.',
    );
  });
});
