import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { Services, type ServiceName } from '@steward/contracts';
import { EmbeddedPostgres } from '@steward/database';
import { errors } from '@steward/kernel';
import { ConsoleFiles } from './console-files';
import { DataFolder } from './data-folder';
import { Gateway } from './gateway';
import { migrateAll } from './migrate-all';
import { ask, serviceAddress, type ServiceAddress } from './service-address';
import type { StartConfig } from './start.config';
import { SupervisedProcess, type ServiceMessage } from './supervised-process';

const ROOT = join(__dirname, '..', '..', '..');
const READY_MS = 60_000;
const DEFAULT_PORT = 8080;
const HEALTH_EVERY_MS = 100;

export interface PlatformEvents {
  /** What happens, a sentence each: for people who watch. */
  readonly onNote: (text: string) => void;
  /** The first administrator's name and password, once in the life of an installation. */
  readonly onFirstAdministrator: (user: string, password: string) => void;
}

/** The whole platform on this machine: database, five services, entry port. */
export class Platform {
  private readonly services = new Map<ServiceName, SupervisedProcess>();
  private readonly gateway = new Gateway(
    (service) => this.addressOf(service),
    new ConsoleFiles(join(ROOT, 'apps', 'console', 'dist')),
  );
  private readonly log: WriteStream;
  private postgres: EmbeddedPostgres | null = null;
  private entryPort = 0;
  private stopping = false;

  private constructor(
    private readonly config: StartConfig,
    private readonly folder: DataFolder,
    private readonly events: PlatformEvents,
  ) {
    mkdirSync(join(config.dataDir, 'logs'), { recursive: true, mode: 0o700 });
    this.log = createWriteStream(join(config.dataDir, 'logs', 'services.log'), { flags: 'a', mode: 0o600 });
  }

  /** Starts everything and resolves when all services are ready. On a failure what was started is stopped again. */
  static async start(config: StartConfig, events: PlatformEvents): Promise<Platform> {
    const folder = new DataFolder(config.dataDir);
    folder.lock();
    const platform = new Platform(config, folder, events);
    try {
      await platform.startDatabase();
      await platform.startServices();
      await platform.listen();
      return platform;
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  /** `http://127.0.0.1:<port>`. */
  get entryUrl(): string {
    return `http://127.0.0.1:${this.entryPort}`;
  }

  get dataDir(): string {
    return this.config.dataDir;
  }

  /** File that all services log to. */
  get logFile(): string {
    return join(this.config.dataDir, 'logs', 'services.log');
  }

  get database(): EmbeddedPostgres | null {
    return this.postgres;
  }

  service(name: ServiceName): SupervisedProcess {
    const service = this.services.get(name);
    if (!service) throw new Error(`${name} has not been started.`);
    return service;
  }

  grpcAddress(name: ServiceName): string {
    return `127.0.0.1:${this.service(name).grpcPort}`;
  }

  /** Stops services together, then the database, then gives the data folder free. Takes 10 s at most. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    await this.gateway.close().catch(() => undefined);
    await Promise.all([...this.services.values()].map((service) => service.stop()));
    await this.postgres?.stop();
    await new Promise<void>((resolve) => this.log.end(resolve));
    this.folder.unlock();
  }

  private async startDatabase(): Promise<void> {
    const { ownerUrl, dataDir, stateDir } = this.config;
    if (!ownerUrl) {
      this.postgres = await EmbeddedPostgres.start({ dataDir, stateDir, onLog: (line) => this.write(line) });
      this.postgres.onUnexpectedExit((words) => this.recoverDatabase(words));
    }
    await migrateAll(ROOT, ownerUrl ?? this.postgres!.ownerUrl, (service) => this.passwordOf(service));
  }

  private recoverDatabase(words: string): void {
    if (this.stopping) return;
    this.note(`PostgreSQL ended by itself; it is started again. ${words.split('\n').at(-1) ?? ''}`);
    this.postgres?.restart().catch((error: unknown) => {
      this.note(`PostgreSQL does not start: ${error instanceof Error ? error.message : String(error)}`);
      setTimeout(() => this.recoverDatabase(''), 1_000);
    });
  }

  /** With an outside PostgreSQL the role's password is the one in the service's URL. */
  private passwordOf(service: ServiceName): string {
    const url = this.config.serviceUrls[service];
    return url ? decodeURIComponent(new URL(url).password) : this.folder.secret(`database-${service}`);
  }

  private async startServices(): Promise<void> {
    for (const name of Services) {
      const service = new SupervisedProcess({
        name,
        script: join(ROOT, 'apps', name, 'dist', 'main.js'),
        env: {
          ...this.config.environment,
          STEWARD_DATA_DIR: this.config.dataDir,
          STEWARD_EVENT_BUS: this.config.eventBus,
          [`STEWARD_${name.toUpperCase()}_DATABASE_URL`]:
            this.config.serviceUrls[name] ?? this.postgres!.urlOf(name, this.passwordOf(name)),
        },
        onOutput: (line) => this.write(line),
        onMessage: (message) => this.received(message),
      });
      this.services.set(name, service);
      service.start();
    }
    await Promise.all([...this.services.keys()].map((name) => this.ready(name)));
  }

  /** Listening is not enough: a service is ready when it has its database, its bus, and has heard from governance. */
  private async ready(name: ServiceName): Promise<void> {
    const service = this.service(name);
    const deadline = Date.now() + READY_MS;
    await service.waitReady(READY_MS);
    let answer = '';
    while (Date.now() < deadline && !this.stopping) {
      const response = await ask(this.addressOf(name), '/health/ready').catch(() => null);
      if (response?.ok) return;
      answer = response?.text ?? 'it does not answer';
      await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS));
    }
    throw errors.unavailable(
      'START.SERVICE_NOT_READY',
      `${service.name} is not ready after ${READY_MS / 1000} s: ${answer}`,
    );
  }

  private addressOf(name: ServiceName): ServiceAddress {
    return serviceAddress(name, this.service(name).httpPort, this.config.environment);
  }

  private async listen(): Promise<void> {
    const { port } = this.config;
    try {
      this.entryPort = await this.gateway.listen(port ?? DEFAULT_PORT);
    } catch (error) {
      if (port !== undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      this.entryPort = await this.gateway.listen(0);
    }
  }

  private received(message: ServiceMessage): void {
    if (message.type === 'first-administrator')
      this.events.onFirstAdministrator(message.user, message.password);
  }

  private note(text: string): void {
    this.events.onNote(text);
    this.write(text);
  }

  private write(line: string): void {
    if (this.log.writable) this.log.write(`${line}\n`);
  }
}
